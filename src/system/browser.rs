//! Pages in the system's browser.

use url::Url;

/// Opens `link`, if it is an `http` or `https` address with a host.
pub fn open(link: &str) {
    match Url::parse(link) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            if let Err(error) = ::open::that_detached(url.as_str()) {
                tracing::warn!(%error, "the browser could not be opened");
            }
        }
        _ => tracing::warn!("a link that is no web address was not opened"),
    }
}
