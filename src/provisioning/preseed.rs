//! What an installer is told, and the site file that comes of it. The names
//! are short ones of our own, and those of Jitsi's installer.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    keys,
    method::Method,
    properties::{self, MalformedEscape, Text},
    uri::Template,
};

/// The first lines of the file.
const HEADER: &str = "Written at installation; change it with: provisioning-settings preseed\n\
    # What defaults.properties and overrides.properties say counts more.";

/// The names of what can be preseeded, with the keys of the site file. All
/// may have `PROVISIONING_` in front.
const NAMES: [(&str, &str); 5] = [
    ("METHOD", keys::METHOD),
    ("URI", keys::URL),
    ("MANDATORY", keys::MANDATORY),
    ("APPLICATION_NAME", keys::APPLICATION_NAME),
    ("TRUSTED_ORIGINS", keys::TRUSTED_ORIGINS),
];

/// Fixes all of it (`1`), or leaves it to each user (`0`).
const LOCKED: &str = "LOCKED";

/// Why nothing was preseeded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// Nothing is called like this.
    #[error("{0} is not NAME=VALUE with a known name.")]
    Name(String),
    /// The value is not one of those that the name takes.
    #[error("{name} cannot be {value}.")]
    Value {
        /// The name.
        name: String,
        /// The value.
        value: String,
    },
    /// The address is none.
    #[error("The address is not one that provisioning could use.")]
    Address,
}

/// The settings of the file: key → fixed or not, and value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preseed(BTreeMap<String, (bool, String)>);

impl Preseed {
    /// Reads the file as it is.
    ///
    /// # Errors
    /// If it has a damaged escape.
    pub fn read(bytes: &[u8]) -> Result<Self, MalformedEscape> {
        let mut document = properties::read(Text::Latin1(bytes))?;
        document.entries.sort_by_key(|entry| entry.line);
        let mut all = BTreeMap::new();
        for entry in document.entries {
            let fixed = entry.key.starts_with('*');
            let key = entry.key.strip_prefix('*').unwrap_or(&entry.key).to_owned();
            all.insert(key, (fixed, entry.value.into_owned()));
        }
        Ok(Self(all))
    }

    /// The bytes of the file, `None` if there is nothing to say.
    pub fn write(&self) -> Option<Vec<u8>> {
        let lines: Vec<(String, &str)> = self
            .0
            .iter()
            .map(|(key, (fixed, value))| (format!("{}{key}", star(*fixed)), value.as_str()))
            .collect();
        let lines = lines.iter().map(|(key, value)| (key.as_str(), *value));
        (!self.0.is_empty()).then(|| properties::write(lines, HEADER))
    }

    /// Takes in what an installer was told: `NAME=VALUE` each. An empty value
    /// says nothing, as installers pass on what nobody filled in.
    ///
    /// # Errors
    /// [`Refused`]; nothing is taken in then.
    pub fn tell<S: AsRef<str>>(&mut self, told: &[S]) -> Result<(), Refused> {
        let mut new = self.clone();
        let mut locked = None;
        for told in told {
            let told = told.as_ref();
            let (name, value) = told
                .split_once('=')
                .ok_or_else(|| Refused::Name(told.to_owned()))?;
            let name = name.strip_prefix("PROVISIONING_").unwrap_or(name);
            let value = value.trim();
            if name == LOCKED {
                locked = flag(name, value)?.or(locked);
            } else {
                new.put(name, value)?;
            }
        }
        if new.0.contains_key(keys::URL) && !new.0.contains_key(keys::METHOD) {
            let fixed = new.0.get(keys::URL).is_some_and(|(fixed, _)| *fixed);
            let manual = Method::Manual.as_stored().to_owned();
            new.0.insert(keys::METHOD.to_owned(), (fixed, manual));
        }
        if let Some(locked) = locked {
            new.0.values_mut().for_each(|(fixed, _)| *fixed = locked);
        }
        *self = new;
        Ok(())
    }

    /// What was told, as `NAME=VALUE`; keys without a name are left out.
    pub fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = NAMES
            .iter()
            .filter_map(|(name, key)| Some(format!("{name}={}", self.0.get(*key)?.1)))
            .collect();
        if !told.is_empty() {
            let locked = self.0.values().any(|(fixed, _)| *fixed);
            told.push(format!("{LOCKED}={}", u8::from(locked)));
        }
        told
    }

    fn put(&mut self, name: &str, value: &str) -> Result<(), Refused> {
        // Jitsi's installer: PROV_ is a default, MPROV_ a duty.
        let (name, duty) = match name {
            "PROV_METHOD" => ("METHOD", false),
            "PROV_URL" => ("URI", false),
            "MPROV_METHOD" => ("METHOD", true),
            "MPROV_URL" => ("URI", true),
            name => (name, false),
        };
        let (_, key) = NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| Refused::Name(name.to_owned()))?;
        if value.is_empty() {
            return Ok(());
        }
        let value = match name {
            "METHOD" => method(name, value)?,
            "URI" => address(value)?,
            "MANDATORY" => flag(name, value)?.unwrap_or_default().to_string(),
            _ => value.to_owned(),
        };
        let fixed = duty || self.0.get(*key).is_some_and(|(fixed, _)| *fixed);
        self.0.insert((*key).to_owned(), (fixed, value));
        if duty {
            let mandatory = (true, true.to_string());
            self.0.insert(keys::MANDATORY.to_owned(), mandatory);
        }
        Ok(())
    }
}

fn star(fixed: bool) -> &'static str {
    if fixed { "*" } else { "" }
}

fn flag(name: &str, value: &str) -> Result<Option<bool>, Refused> {
    match value.to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "1" | "true" | "yes" => Ok(Some(true)),
        "0" | "false" | "no" => Ok(Some(false)),
        _ => Err(refused(name, value)),
    }
}

/// Whoever types it in an installer need not know how it is stored.
fn method(name: &str, value: &str) -> Result<String, Refused> {
    [Method::Off, Method::Dhcp, Method::Bonjour, Method::Manual]
        .iter()
        .map(Method::as_stored)
        .find(|stored| stored.eq_ignore_ascii_case(value))
        .map(ToOwned::to_owned)
        .ok_or_else(|| refused(name, value))
}

fn address(value: &str) -> Result<String, Refused> {
    let template = Template::new(value);
    if template.is_address() {
        Ok(template.storable())
    } else {
        Err(Refused::Address)
    }
}

fn refused(name: &str, value: &str) -> Refused {
    Refused::Value {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "https://prov.example.com/p?user=${username}&a=b#c";

    fn lines(told: &[&str]) -> String {
        let mut preseed = Preseed::default();
        preseed.tell(told).unwrap();
        let bytes = preseed.write().unwrap_or_default();
        // What is written is read as the same.
        assert_eq!(Preseed::read(&bytes).unwrap(), preseed);
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        lines
            .join("\n")
            .replace("net.java.sip.communicator.plugin.provisioning.", "~")
    }

    #[test]
    fn an_address_alone_means_that_it_is_used() {
        assert_eq!(
            lines(&[&format!("PROVISIONING_URI={URI}")]),
            "~METHOD=Manual\n~URL=https\\://prov.example.com/p?user\\=${username}&a\\=b\\#c"
        );
    }

    #[test]
    fn locked_puts_a_star_before_each_line() {
        assert_eq!(
            lines(&["METHOD=dhcp", "LOCKED=1", "MANDATORY=yes", "URI="]),
            "*~MANDATORY=true\n*~METHOD=DHCP"
        );
    }

    #[test]
    fn names_of_jitsi_are_defaults_or_duties() {
        assert_eq!(lines(&["PROV_METHOD=Bonjour"]), "~METHOD=Bonjour");
        assert_eq!(
            lines(&["MPROV_METHOD=Manual", "MPROV_URL=https://a.example/"]),
            "*~MANDATORY=true\n*~METHOD=Manual\n*~URL=https\\://a.example/"
        );
    }

    #[test]
    fn what_nobody_filled_in_changes_nothing_and_other_keys_stay() {
        let before = b"*service.gui.APPLICATION_NAME=Blip\nextra=1\n";
        let mut preseed = Preseed::read(before).unwrap();
        let same = preseed.clone();
        preseed.tell(&["METHOD=", "URI=", "LOCKED="]).unwrap();
        assert_eq!(preseed, same);
        preseed.tell(&["APPLICATION_NAME=Blop"]).unwrap();
        assert_eq!(preseed.told(), ["APPLICATION_NAME=Blop", "LOCKED=1"]);
        assert!(preseed.0.contains_key("extra"));
        preseed.tell(&["LOCKED=0"]).unwrap();
        assert_eq!(preseed.told(), ["APPLICATION_NAME=Blop", "LOCKED=0"]);
    }

    #[test]
    fn a_mistake_changes_nothing() {
        for told in [
            vec!["METHOD=DHCP", "UIR=x"],
            vec!["METHOD=DHCP", "URI"],
            vec!["METHOD=DHCP", "URI=ftp://example.com/"],
            vec!["URI=https://a.example/", "METHOD=Magic"],
            vec!["URI=https://a.example/", "LOCKED=perhaps"],
        ] {
            let mut preseed = Preseed::default();
            preseed.tell(&told).unwrap_err();
            assert_eq!(preseed, Preseed::default(), "{told:?}");
            assert_eq!(preseed.write(), None);
        }
    }
}
