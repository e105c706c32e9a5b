//! What came of a run of the program.

use serde_json::Value;

/// Exit status and output.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:#?}"))
    }

    /// Fails unless something was applied; gives the report.
    #[track_caller]
    pub(crate) fn applied(&self) -> Value {
        let report = self.json();
        assert_eq!(self.status, 0, "{self:#?}");
        assert_eq!(report["outcome"], "applied", "{self:#?}");
        report
    }

    /// Fails unless it failed like this; gives the report.
    #[track_caller]
    pub(crate) fn failed(&self, status: i32, code: &str) -> Value {
        let report = self.json();
        assert_eq!(
            (self.status, &report["code"]),
            (status, &code.into()),
            "{self:#?}"
        );
        assert_eq!(report["outcome"], "failed", "{self:#?}");
        assert_eq!(report["applied"], 0, "{self:#?}");
        report
    }

    /// The sentence that says what happened.
    pub(crate) fn message(&self) -> String {
        let report = self.json();
        report["problem"]["message"].as_str().unwrap().to_owned()
    }

    /// Everything that a person or a log could see of it.
    pub(crate) fn output(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}
