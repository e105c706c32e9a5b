//! The provisioning method and its stored form (contract section 1).

use std::fmt;

/// How the provisioning URI is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// Provisioning is off: `NONE` or absent.
    Off,
    /// `DHCP`.
    Dhcp,
    /// `Bonjour`.
    Bonjour,
    /// `Manual`: the stored URI.
    Manual,
    /// Anything else behaves like `Manual`, and is reported.
    Other(String),
}

impl Method {
    /// The method that a stored value means; the comparison is case-sensitive.
    pub fn from_stored(value: Option<&str>) -> Self {
        match value {
            None | Some("" | "NONE") => Self::Off,
            Some("DHCP") => Self::Dhcp,
            Some("Bonjour") => Self::Bonjour,
            Some("Manual") => Self::Manual,
            Some(other) => Self::Other(other.to_owned()),
        }
    }

    /// The value that is stored; `Off` is `NONE`.
    pub fn as_stored(&self) -> &str {
        match self {
            Self::Off => "NONE",
            Self::Dhcp => "DHCP",
            Self::Bonjour => "Bonjour",
            Self::Manual => "Manual",
            Self::Other(value) => value,
        }
    }

    /// Whether the URI has to be looked for on the network.
    pub fn is_discovery(&self) -> bool {
        matches!(self, Self::Dhcp | Self::Bonjour)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_stored())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_values_are_case_sensitive_and_unknown_ones_are_kept() {
        for value in ["DHCP", "Bonjour", "Manual", "NONE", "dhcp", "manual"] {
            assert_eq!(Method::from_stored(Some(value)).as_stored(), value);
        }
        assert_eq!(Method::from_stored(None), Method::Off);
        assert_eq!(
            Method::from_stored(Some("dhcp")),
            Method::Other("dhcp".into())
        );
    }
}
