//! What the window remembers of itself: `window.toml` in the home folder. It
//! holds nothing that a run needs; a missing or damaged file is an empty one,
//! and unknown entries are passed over.

use std::{fs, io::Write, path::Path};

use serde::{Deserialize, Serialize};

const NAME: &str = "window.toml";
/// No screen is larger; what is beyond was not written by this program.
const MAX: f32 = 16_384.0;

/// The entries of `window.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowMemory {
    /// Width in logical pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f32>,
    /// Height in logical pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<f32>,
    /// The method before provisioning was switched off, as it is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Whether the desktop was dark.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dark: bool,
}

impl WindowMemory {
    /// Reads it from the home folder. Sizes out of range are left out.
    pub fn load(home: &Path) -> Self {
        let text = fs::read_to_string(home.join(NAME)).unwrap_or_default();
        let mut memory: Self = toml::from_str(&text).unwrap_or_default();
        let usable = |size: &f32| size.is_finite() && (1.0..=MAX).contains(size);
        memory.width = memory.width.filter(usable);
        memory.height = memory.height.filter(usable);
        memory
    }

    /// Writes it to the home folder, whole or not at all. That it cannot be
    /// written is noted in the log; nothing depends on it.
    pub fn keep(&self, home: &Path) {
        if let Err(error) = self.write(home) {
            tracing::warn!(%error, "the window's size could not be kept");
        }
    }

    fn write(&self, home: &Path) -> std::io::Result<()> {
        let text = toml::to_string(self).map_err(std::io::Error::other)?;
        let mut file = tempfile::NamedTempFile::new_in(home)?;
        file.write_all(text.as_bytes())?;
        file.persist(home.join(NAME)).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_and_nonsense_is_left_out() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(WindowMemory::load(home.path()), WindowMemory::default());
        let memory = WindowMemory {
            width: Some(900.0),
            height: Some(640.0),
            method: Some("Manual".into()),
            dark: true,
        };
        memory.keep(home.path());
        assert_eq!(WindowMemory::load(home.path()), memory);
        for (text, width) in [
            ("width = 1e30\nheight = 3.0\n", None),
            ("width = nan\n", None),
            ("width = -5.0\n", None),
            ("width = 800.0\nnew = 1\n", Some(800.0)),
            ("width = [", None),
        ] {
            fs::write(home.path().join(NAME), text).unwrap();
            assert_eq!(WindowMemory::load(home.path()).width, width, "{text}");
        }
    }
}
