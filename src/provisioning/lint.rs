//! Mistakes in a response that are none for a run, but hardly meant.

use super::{
    keys,
    response::{Directive, Order, Response},
    uri::{Piece, Token, pieces},
    warning::{Warning, WarningKind},
};

/// What an administrator should look at. The provisioning address itself may
/// hold tokens; other values keep them as text.
pub fn lint(response: &Response) -> Vec<Warning> {
    response
        .directives
        .iter()
        .filter_map(token_in_value)
        .collect()
}

fn token_in_value(directive: &Directive) -> Option<Warning> {
    let (Order::Set(value) | Order::System(value)) = &directive.order else {
        return None;
    };
    if [keys::URL, keys::DEFAULT_URI].contains(&directive.key.as_str()) {
        return None;
    }
    let known =
        |piece: &Piece| matches!(piece, Piece::Token { token, .. } if *token != Token::Unknown);
    pieces(value).iter().any(known).then(|| {
        let message = format!(
            "The value of {} holds a token; it is kept as text.",
            directive.key
        );
        Warning::at(WarningKind::TokenInValue, directive.line, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provisioning::response::{self, From};

    #[test]
    fn a_token_in_a_value_is_pointed_out_but_not_in_the_address() {
        let answer = format!(
            "a=${{uuid}}\n{}=http://h/?u=${{uuid}}\nb=${{null}}\nc=${{x}}\n",
            keys::URL
        );
        let response = response::read(answer.as_bytes(), None, From::File("t")).unwrap();
        let lines: Vec<_> = lint(&response).iter().map(|warning| warning.line).collect();
        assert_eq!(lines, [Some(1)]);
    }
}
