//! Which value of a key counts: **immutable** (a site file's `*key=value`)
//! over **store** over **default** (a plain line of a site file), contract
//! section 1.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{failure::KeepProblem, plan::Settings};

/// What the site files say about one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteValue {
    /// The value, as it stands in the file.
    pub value: String,
    /// Whether the line began with `*`: neither the store nor a run changes it.
    pub fixed: bool,
    /// The file whose line counts.
    pub file: PathBuf,
}

/// The site's settings: what was said at installation, `defaults.properties`
/// and `overrides.properties`, one on top of the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site(BTreeMap<String, SiteValue>);

impl Site {
    /// Takes in one line of `file`; a later line for the same key wins, with
    /// `*` or without. Blank keys say nothing and are left out.
    pub fn add(&mut self, key: &str, value: &str, file: &Path) {
        let (key, fixed) = match key.strip_prefix('*') {
            Some(key) => (key, true),
            None => (key, false),
        };
        if trim(key).is_empty() {
            return;
        }
        let value = SiteValue {
            value: value.to_owned(),
            fixed,
            file: file.to_owned(),
        };
        self.0.insert(key.to_owned(), value);
    }

    /// What the site says about `key`.
    pub fn get(&self, key: &str) -> Option<&SiteValue> {
        self.0.get(key)
    }

    /// Whether the site fixed `key`.
    pub fn is_fixed(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.fixed)
    }

    /// Refuses a key that the site fixed, naming the file.
    ///
    /// # Errors
    /// [`KeepProblem::Fixed`].
    pub fn may_change(&self, key: &str) -> Result<(), KeepProblem> {
        match self.get(key) {
            Some(SiteValue {
                fixed: true, file, ..
            }) => Err(KeepProblem::Fixed {
                key: key.to_owned(),
                file: file.display().to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// All keys of the site files, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SiteValue)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Fixed by the site.
    Immutable,
    /// The store.
    Store,
    /// The site's default.
    Default,
}

/// The layers, read as one.
#[derive(Debug, Clone, Copy)]
pub struct Layers<'a> {
    site: &'a Site,
    store: &'a Settings,
}

impl<'a> Layers<'a> {
    /// The store between the two halves of the site's settings.
    pub fn new(site: &'a Site, store: &'a Settings) -> Self {
        Self { site, store }
    }

    /// The value as it stands, and the layer that it comes from.
    pub fn find(self, key: &str) -> Option<(&'a str, Layer)> {
        match (self.site.get(key), self.store.get(key)) {
            (Some(site), _) if site.fixed => Some((&site.value, Layer::Immutable)),
            (_, Some(value)) => Some((value, Layer::Store)),
            (Some(site), None) => Some((&site.value, Layer::Default)),
            (None, None) => None,
        }
    }

    /// The value without the blanks around it, `None` if nothing is left. An
    /// empty value hides the layers below it all the same, as in Java.
    pub fn text(self, key: &str) -> Option<&'a str> {
        self.find(key)
            .map(|(value, _)| trim(value))
            .filter(|value| !value.is_empty())
    }

    /// Java's `Boolean.parseBoolean`: `true` in any case is true, all else false.
    pub fn flag(self, key: &str) -> bool {
        self.text(key)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The layer that the value of `key` comes from.
    pub fn origin_of(self, key: &str) -> Option<Layer> {
        self.find(key).map(|(_, layer)| layer)
    }
}

/// Java's `String.trim`: everything up to U+0020 counts as blank.
fn trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(lines: &[(&str, &str)]) -> Site {
        let mut site = Site::default();
        for (key, value) in lines {
            site.add(key, value, Path::new("f"));
        }
        site
    }

    #[test]
    fn the_site_fixes_over_the_store_and_the_store_over_the_default() {
        let both = site(&[("fixed", "s"), ("*fixed", "f"), ("plain", "d")]);
        let none = Site::default();
        let store = Settings::from([
            ("fixed".to_owned(), "mine".to_owned()),
            ("plain".to_owned(), "mine".to_owned()),
        ]);
        let empty = Settings::new();
        for (site, store, key, expected) in [
            (&both, &store, "fixed", Some(("f", Layer::Immutable))),
            (&both, &empty, "fixed", Some(("f", Layer::Immutable))),
            (&none, &store, "fixed", Some(("mine", Layer::Store))),
            (&both, &store, "plain", Some(("mine", Layer::Store))),
            (&both, &empty, "plain", Some(("d", Layer::Default))),
            (&none, &empty, "plain", None),
        ] {
            let layers = Layers::new(site, store);
            assert_eq!(layers.find(key), expected, "{key}");
            assert_eq!(layers.origin_of(key), expected.map(|(_, layer)| layer));
        }
    }

    #[test]
    fn a_later_line_wins_with_or_without_the_star() {
        for (lines, value, fixed) in [
            (vec![("*k", "1"), ("k", "2")], "2", false),
            (vec![("k", "1"), ("*k", "2")], "2", true),
            (vec![("*k", "1"), ("*k", "2")], "2", true),
            (vec![("*k", "1"), ("k", "2"), ("*k", "3")], "3", true),
        ] {
            let site = site(&lines);
            let found = site.get("k").unwrap();
            assert_eq!((found.value.as_str(), found.fixed), (value, fixed));
            assert_eq!(site.is_fixed("k"), fixed);
            assert_eq!(site.may_change("k").is_err(), fixed);
        }
    }

    #[test]
    fn blank_keys_are_left_out() {
        let site = site(&[("", "v"), (" \t", "v"), ("*", "v"), ("* ", "v")]);
        assert_eq!(site.iter().count(), 0);
    }

    #[test]
    fn text_is_trimmed_and_an_empty_value_hides_the_default() {
        let site = site(&[("k", "default"), ("*f", " \u{1}x\u{a0} ")]);
        let store = Settings::from([("k".to_owned(), "  ".to_owned())]);
        let layers = Layers::new(&site, &store);
        assert_eq!(layers.text("k"), None);
        assert_eq!(layers.text("f"), Some("x\u{a0}"));
        assert_eq!(layers.text("absent"), None);
    }

    #[test]
    fn flags_follow_java() {
        for (value, expected) in [
            ("true", true),
            ("TRUE", true),
            (" True ", true),
            ("yes", false),
            ("1", false),
            ("", false),
            ("true x", false),
        ] {
            let store = Settings::from([("k".to_owned(), value.to_owned())]);
            assert_eq!(
                Layers::new(&Site::default(), &store).flag("k"),
                expected,
                "{value:?}"
            );
        }
        assert!(!Layers::new(&Site::default(), &Settings::new()).flag("k"));
    }
}
