//! stand-in
/// x
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /** x */
    Basic,
    /** x */
    Digest(String),
}
/// x
pub fn choose(headers: &[String]) -> Option<Challenge> {
    for h in headers {
        if h.starts_with("Digest") {
            return Some(Challenge::Digest(h.clone()));
        }
    }
    for h in headers {
        if h.starts_with("Basic") {
            return Some(Challenge::Basic);
        }
    }
    None
}
/// x
pub fn is_stale(text: &str) -> bool {
    text.contains("stale=true")
}
