//! The sample files in the program, the same as in `assets/sample`.

/// The first version of the sample: two accounts and a few preferences.
pub const PROVISIONING: &str = include_str!("../../assets/sample/provisioning.properties");

/// Its second version: some values differ, and one account is taken away.
pub const NEXT: &str = include_str!("../../assets/sample/next.properties");

/// All of them, by name without `.properties`.
pub(super) const FILES: [(&str, &str); 2] = [("next", NEXT), (super::ENTRY, PROVISIONING)];
