//! A list of prefixes that answers "does this key start with one of them?"
//! in the logarithm of its length.

/// Prefixes, sorted, none of them the beginning of another.
#[derive(Debug, Default)]
pub(super) struct Prefixes(Vec<String>);

impl Prefixes {
    /// The list from a directive.
    pub(super) fn from(pieces: &[String]) -> Self {
        let mut list = Self::default();
        list.add(pieces);
        list
    }

    /// Adds more of them.
    pub(super) fn add(&mut self, pieces: &[String]) {
        self.0.extend_from_slice(pieces);
        self.0.sort_unstable();
        // What starts with a shorter one in front of it says nothing new.
        self.0
            .dedup_by(|longer, shorter| longer.starts_with(shorter.as_str()));
    }

    /// Whether `key` starts with one of them; with none, nothing does. As no
    /// prefix is the beginning of another, only the greatest one that is not
    /// greater than the key can match.
    pub(super) fn matches(&self, key: &str) -> bool {
        let behind = self.0.partition_point(|prefix| prefix.as_str() <= key);
        behind > 0 && key.starts_with(self.0[behind - 1].as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_search_finds_what_trying_each_prefix_finds(
            pieces in prop::collection::vec("[ab.]{0,3}", 0..8), key in "[ab.]{0,5}"
        ) {
            let each = pieces.iter().any(|piece| key.starts_with(piece.as_str()));
            prop_assert_eq!(Prefixes::from(&pieces).matches(&key), each);
        }
    }
}
