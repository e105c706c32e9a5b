//! `check`: finds mistakes in a saved provisioning response before a thousand
//! desktops get it.

use std::path::PathBuf;

use serde::Serialize;

use super::{
    Ended, Format,
    out::{GREEN, Out},
};
use crate::provisioning::{
    failure::Failure,
    lint,
    plan::{self, Current},
    report::Problem,
    response::{self, Response},
    summary,
    warning::Warning,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The saved response
    file: PathBuf,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Serialize)]
struct Document {
    file: String,
    usable: bool,
    code: Option<String>,
    settings: usize,
    warnings: Vec<Warning>,
    problem: Option<Problem>,
}

pub(super) fn run(args: &Args, out: &mut Out) -> Ended {
    let name = args.file.display().to_string();
    let result = super::read_response(&args.file)
        .and_then(|bytes| Ok(response::read(&bytes, None, response::From::File(&name))?));
    if args.format == Format::Json {
        return Ok(json(name, result, out));
    }
    let response = result?;
    let warnings = warnings(&response);
    for warning in &warnings {
        out.warning(warning);
    }
    let settings = summary::settings(response.settings());
    let found = match warnings.len() {
        0 => "no mistakes found".to_owned(),
        1 => "1 place to look at".to_owned(),
        count => format!("{count} places to look at"),
    };
    out.line(format!("{GREEN}usable{GREEN:#}: {settings}, {found}"));
    Ok(0)
}

/// What reading found, and what planning it onto an empty store adds.
fn warnings(response: &Response) -> Vec<Warning> {
    let mut warnings = response.warnings.clone();
    warnings.extend(plan::plan(Current::default(), &[], response, &|_| None).warnings);
    warnings.extend(lint::lint(response));
    warnings.sort_by_key(|warning| warning.line);
    warnings
}

fn json(file: String, result: Result<Response, Failure>, out: &mut Out) -> u8 {
    let (document, status) = match result {
        Ok(response) => {
            let warnings = warnings(&response);
            let settings = response.settings();
            (
                Document {
                    file,
                    usable: true,
                    code: None,
                    settings,
                    warnings,
                    problem: None,
                },
                0,
            )
        }
        Err(failure) => {
            let problem = Problem {
                message: failure.to_string(),
                advice: failure.advice().to_owned(),
                chain: failure.chain().to_vec(),
            };
            let code = Some(failure.code());
            let document = Document {
                file,
                usable: false,
                code,
                settings: 0,
                warnings: Vec::new(),
                problem: Some(problem),
            };
            (document, failure.exit())
        }
    };
    out.json(&document);
    status
}
