//! What a request is answered: method, parameters, credentials, file, template.

use std::fmt::Write as _;

use hyper::{Method, StatusCode};

use super::{
    Auth, Content, Shared, folder,
    folder::Found,
    form::Form,
    host,
    sign_in::{self, SignIn},
    template::{self, Problem},
};

/// A text for people.
const TEXT: &str = "text/plain; charset=utf-8";
/// Properties as Java reads them.
const LATIN_1: &str = "text/plain; charset=ISO-8859-1";
/// What most provisioning scripts say with a 401.
const HTML: &str = "text/html; charset=utf-8";
/// Longer names than this are not repeated in an answer.
const MAX_NAME: usize = 100;

/// A request, with its body as far as it was read.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) host: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) content_encoding: Option<String>,
    pub(super) authorization: Option<zeroize::Zeroizing<Vec<u8>>>,
    pub(super) body: Result<zeroize::Zeroizing<Vec<u8>>, BodyProblem>,
}

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyProblem {
    /// More than a form ever has.
    TooLarge,
    /// It did not come in time.
    TimedOut,
    /// The client went away, or broke the encoding.
    Broken,
}

/// An answer, and what is to be said about it.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
    /// Whether a Basic challenge goes with it.
    pub(super) challenge: bool,
    pub(super) form: Form,
    pub(super) signed_in: bool,
    pub(super) file: Option<String>,
    pub(super) notes: Vec<String>,
}

impl Answer {
    fn new(status: StatusCode, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type,
            body: body.into(),
            challenge: false,
            form: Form::default(),
            signed_in: false,
            file: None,
            notes: Vec::new(),
        }
    }

    /// A refusal, whose text is also the administrator's note.
    fn refusal(status: StatusCode, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut answer = Self::new(status, TEXT, format!("{text}\n"));
        answer.notes.push(text);
        answer
    }

    /// The server's own failure: the client learns that, the administrator why.
    fn failure(note: String) -> Self {
        let text = "The server could not make an answer; its log says why.\n";
        let mut answer = Self::new(StatusCode::INTERNAL_SERVER_ERROR, TEXT, text);
        answer.notes.push(note);
        answer
    }

    /// For an answer that could not be computed at all.
    pub(super) fn lost() -> Self {
        Self::failure("the request was lost inside the server".into())
    }
}

/// Answers a request. Reads files, so it may take its time.
pub(super) fn respond(shared: &Shared, asked: &Asked) -> Answer {
    if shared.own_names_only && !host::is_own(asked.host.as_deref()) {
        let text = "This server is for this machine: use 127.0.0.1 or localhost as the host, \
                    or let the server ask for credentials.";
        return Answer::refusal(StatusCode::MISDIRECTED_REQUEST, text);
    }
    let mut form = Form::default();
    let mut answer = match read_parameters(asked, &mut form) {
        Ok(()) => signed_in(shared, asked, &form),
        Err(refusal) => refusal,
    };
    answer.form = form;
    answer
}

/// The parameters, or the refusal of a request that does not bring them well.
fn read_parameters(asked: &Asked, form: &mut Form) -> Result<(), Answer> {
    let posted = asked.method == Method::POST;
    if !posted && asked.method != Method::GET && asked.method != Method::HEAD {
        let text = "Use POST, as provisioning clients do; GET and HEAD work too.";
        return Err(Answer::refusal(StatusCode::METHOD_NOT_ALLOWED, text));
    }
    let bad = |why: String| Answer::refusal(StatusCode::BAD_REQUEST, why);
    form.read(asked.query.as_deref().unwrap_or_default().as_bytes())
        .map_err(bad)?;
    let (status, text) = match &asked.body {
        Ok(body) if body.is_empty() || !posted => return Ok(()),
        Ok(body) if is_form(asked) => return form.read(body).map_err(bad),
        Ok(_) => (
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send the parameters as application/x-www-form-urlencoded, uncompressed.",
        ),
        Err(BodyProblem::TooLarge) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "The parameters are larger than 1 MiB.",
        ),
        Err(BodyProblem::TimedOut) => (
            StatusCode::REQUEST_TIMEOUT,
            "The parameters did not arrive in time.",
        ),
        Err(BodyProblem::Broken) => (
            StatusCode::BAD_REQUEST,
            "The request broke off before all parameters were there.",
        ),
    };
    Err(Answer::refusal(status, text))
}

/// Whether the body says that it is a form, or says nothing.
fn is_form(asked: &Asked) -> bool {
    let kind = asked.content_type.as_deref().map(|text| {
        let kind = text.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    });
    let encoding = asked.content_encoding.as_deref().unwrap_or("identity");
    kind.is_none_or(|kind| kind == "application/x-www-form-urlencoded")
        && encoding.eq_ignore_ascii_case("identity")
}

/// Checks the credentials before it says anything about files.
fn signed_in(shared: &Shared, asked: &Asked, form: &Form) -> Answer {
    let authorization = asked.authorization.as_ref().map(|bytes| bytes.as_slice());
    match sign_in::check(shared.auth, &shared.user, authorization, form) {
        SignIn::Open => serve(&shared.content, asked, form, None),
        SignIn::Accepted => {
            let name = Some(shared.user.username.as_str());
            let mut answer = serve(&shared.content, asked, form, name);
            answer.signed_in = true;
            answer
        }
        SignIn::Refused(why) => {
            let page = "<!DOCTYPE html>\n<title>401 Unauthorized</title>\n\
                        <p>User name and password are needed.</p>\n";
            let mut answer = Answer::new(StatusCode::UNAUTHORIZED, HTML, page);
            answer.challenge = shared.auth == Auth::Basic;
            answer.notes.push(why.into());
            answer
        }
    }
}

/// Finds the file and fills it.
fn serve(content: &Content, asked: &Asked, form: &Form, user: Option<&str>) -> Answer {
    let (name, template) = match folder::find(content, &asked.path) {
        Found::File(name, template) => (name, template),
        Found::Nothing(note) => return nothing(content, note),
        Found::Unreadable(name, why) => {
            return Answer::failure(format!("{name} could not be read: {why}"));
        }
    };
    // Who signed in is known as `user` also where no parameter says so.
    let value_of = |name: &str| {
        let sent = form.get(name);
        let known = user.filter(|_| name == "user" && sent.is_none_or(str::is_empty));
        known.or(sent)
    };
    let mut answer = match template::render(&template, value_of) {
        Ok(rendered) => {
            let mut answer = Answer::new(StatusCode::OK, charset(&rendered.body), rendered.body);
            answer.notes = rendered.notes;
            answer
        }
        Err(Problem::TooLarge) => {
            Answer::failure(format!("{name} with its parameters is larger than 16 MiB"))
        }
        Err(Problem::Instruction(parameter)) => {
            // A name in a template may be long; the text should not be.
            let parameter: String = parameter.chars().take(MAX_NAME).collect();
            let text = format!(
                "The parameter \u{201c}{parameter}\u{201d} would become an instruction \
                 (${{null}} or ${{system}}) in the answer."
            );
            Answer::refusal(StatusCode::BAD_REQUEST, text)
        }
    };
    answer.file = Some(name);
    answer
}

/// UTF-8 only where it makes a difference: plain properties are ISO-8859-1
/// for clients that ignore the header (contract section 5).
fn charset(body: &[u8]) -> &'static str {
    if !body.is_ascii() && std::str::from_utf8(body).is_ok() {
        TEXT
    } else {
        LATIN_1
    }
}

/// The 404, with the names of what there is.
fn nothing(content: &Content, note: Option<String>) -> Answer {
    let mut text = String::from("There is nothing to serve at this address.\n");
    let names = folder::names(content);
    text.push_str(match names.len() {
        0 => "There is no .properties file on this server.\n",
        _ => "What there is:\n",
    });
    for name in names {
        let _ = writeln!(text, "  {}", folder::path_of(&name));
    }
    let mut answer = Answer::new(StatusCode::NOT_FOUND, TEXT, text);
    answer.notes.extend(note);
    answer
}
