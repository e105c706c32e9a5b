//! What is odd but does not stop a run, each with a stable code and advice.

use serde::{Deserialize, Serialize};

/// Kinds of warnings. The words in JSON are `PS-…` codes and stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum WarningKind {
    /// The same key more than once: the last value counts.
    #[serde(rename = "PS-DUPLICATE-KEY")]
    DuplicateKey,
    /// A UTF-8 byte-order mark before the first key.
    #[serde(rename = "PS-BYTE-ORDER-MARK")]
    ByteOrderMark,
    /// Half a surrogate pair, read as U+FFFD.
    #[serde(rename = "PS-LONE-SURROGATE")]
    LoneSurrogate,
    /// The header says UTF-8, the bytes are not.
    #[serde(rename = "PS-NOT-UTF-8")]
    NotUtf8,
    /// An ALLOW list with an empty prefix, which allows everything.
    #[serde(rename = "PS-EMPTY-ALLOW-PREFIX")]
    EmptyAllowPrefix,
    /// An ENFORCE list with an empty prefix, which keeps everything.
    #[serde(rename = "PS-EMPTY-ENFORCE-PREFIX")]
    EmptyEnforcePrefix,
    /// An ALLOW list without any prefix, which is ignored.
    #[serde(rename = "PS-ALLOW-IGNORED")]
    AllowIgnored,
    /// An ENFORCE list without any prefix, which is ignored.
    #[serde(rename = "PS-ENFORCE-IGNORED")]
    EnforceIgnored,
    /// `${null}` with blanks behind it, which is a plain value.
    #[serde(rename = "PS-BLANK-AFTER-NULL")]
    BlankAfterNull,
    /// A key outside the allowed prefixes.
    #[serde(rename = "PS-REFUSED-KEY")]
    RefusedKey,
    /// A key that the site fixed.
    #[serde(rename = "PS-FIXED-KEY")]
    FixedKey,
    /// A key of this program that an ENFORCE would have removed.
    #[serde(rename = "PS-KEPT-KEY")]
    KeptKey,
    /// An answer without any key.
    #[serde(rename = "PS-EMPTY-ANSWER")]
    EmptyAnswer,
    /// A token that has no value here and was left as it stands.
    #[serde(rename = "PS-TOKEN-WITHOUT-VALUE")]
    TokenWithoutValue,
    /// A token that nobody knows, left as it stands.
    #[serde(rename = "PS-UNKNOWN-TOKEN")]
    UnknownToken,
    /// A parameter without `=`.
    #[serde(rename = "PS-PARAMETER-WITHOUT-VALUE")]
    ParameterWithoutValue,
    /// User name or password written into the address.
    #[serde(rename = "PS-USER-INFO")]
    UserInfo,
    /// A stored METHOD that is none of the known ones.
    #[serde(rename = "PS-UNKNOWN-METHOD")]
    UnknownMethod,
    /// Discovery found nothing; the stored address was used.
    #[serde(rename = "PS-STORED-ADDRESS-USED")]
    StoredAddressUsed,
    /// Several servers answered the search, with different addresses.
    #[serde(rename = "PS-ANSWERS-DIFFER")]
    AnswersDiffer,
    /// Discovery found another server than before.
    #[serde(rename = "PS-SERVER-CHANGED")]
    ServerChanged,
    /// A setting that holds a token: values are stored as they are.
    #[serde(rename = "PS-TOKEN-IN-VALUE")]
    TokenInValue,
    /// The keyring could not be asked whether a secret changes.
    #[serde(rename = "PS-SECRET-NOT-COMPARED")]
    SecretNotCompared,
}

impl WarningKind {
    /// One sentence that says what to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::DuplicateKey => {
                "Keep one of the lines: the first gives the place, the last the value."
            }
            Self::ByteOrderMark => "Save the file without a byte-order mark.",
            Self::LoneSurrogate => "Write characters beyond U+FFFF as two \\u escapes.",
            Self::NotUtf8 => "Send charset=ISO-8859-1, or encode the file as UTF-8.",
            Self::EmptyAllowPrefix => {
                "Remove the empty prefix, or leave ALLOW_PREFIX out: everything is allowed."
            }
            Self::EmptyEnforcePrefix => {
                "Remove the empty prefix, or leave ENFORCE_PREFIX out: nothing is removed."
            }
            Self::AllowIgnored => "Name at least one prefix, or leave ALLOW_PREFIX out.",
            Self::EnforceIgnored => {
                "Name at least one prefix: without one, everything would be removed."
            }
            Self::BlankAfterNull => {
                "Remove the blanks behind ${null} if the key should be removed."
            }
            Self::RefusedKey => "Add its prefix to provisioning.ALLOW_PREFIX, or remove the line.",
            Self::FixedKey => "Remove the line, or the * before the key in the site's file.",
            Self::KeptKey => "Nothing to do; to remove it on purpose, send KEY=${null}.",
            Self::EmptyAnswer => {
                "If that is not intended, look at the server's script for this user."
            }
            Self::TokenWithoutValue => {
                "Remove the token from the address, or set the value that it asks for."
            }
            Self::UnknownToken => "Check the spelling of the token in the address.",
            Self::ParameterWithoutValue => "Write NAME=VALUE, or NAME= if it shall be empty.",
            Self::UserInfo => "Remove user name and password from the address; they are asked for.",
            Self::UnknownMethod => "Choose one of none, dhcp, bonjour, manual.",
            Self::StoredAddressUsed => {
                "If the stored address is out of date, enter the new one by hand."
            }
            Self::AnswersDiffer => {
                "Tell your administrator: which of them answers first is chance; \u{201c}discover\u{201d} shows them all."
            }
            Self::ServerChanged => {
                "Ask your administrator whether the server moved, before you trust the new one."
            }
            Self::TokenInValue => {
                "Tokens work in the address only; in values they are kept as text."
            }
            Self::SecretNotCompared => "Unlock the keyring to see whether the secret changes.",
        }
    }
}

/// One warning. In JSON `{code, line, message}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What kind it is.
    #[serde(rename = "code")]
    pub kind: WarningKind,
    /// Line of the answer, from 1; `None` if it is about the address.
    pub line: Option<u32>,
    /// What was found, in one sentence without secrets.
    pub message: String,
}

impl Warning {
    /// A warning about a line of the answer.
    pub fn at(kind: WarningKind, line: u32, message: impl Into<String>) -> Self {
        Self {
            kind,
            line: Some(line),
            message: message.into(),
        }
    }

    /// A warning about the address or the whole run.
    pub fn new(kind: WarningKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            line: None,
            message: message.into(),
        }
    }

    /// The `PS-…` code.
    pub fn code(&self) -> String {
        match serde_json::to_value(self.kind) {
            Ok(serde_json::Value::String(code)) => code,
            _ => String::new(),
        }
    }
}
