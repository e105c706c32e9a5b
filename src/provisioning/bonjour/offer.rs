//! One instance becomes an address that can be asked, or a reason why not
//! (contract section 7).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

use super::{INSTANCE, Instance, shown, txt};
use crate::provisioning::{facts::HostFacts, uri::Template};

/// What an instance offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The address with its tokens.
    pub uri: Template,
    /// Where its host is: IPv4 first. Empty if mDNS has no say about that
    /// host, so that its name has to be looked up as usual.
    pub addresses: Vec<SocketAddr>,
    /// The addresses of the instance that can be used, whichever host `uri` names.
    pub reachable: Vec<SocketAddr>,
    /// What was left out, one sentence each.
    pub notes: Vec<String>,
}

/// What `instance` offers, or why it does not count: the end of a sentence.
pub fn offer(instance: &Instance) -> Result<Offer, String> {
    if !instance.name.eq_ignore_ascii_case(INSTANCE) {
        return Err(format!("its name is not \u{201c}{INSTANCE}\u{201d}"));
    }
    if instance.port == 0 {
        return Err("it names port 0".to_owned());
    }
    let host = host(&instance.host)?;
    let reachable = reachable(&instance.addresses)?;
    let (path, parameters, notes) = entries(&txt::read(&instance.txt))?;
    let base = format!("{}://{host}:{}", instance.service.scheme(), instance.port);
    let target = match path {
        Some(path) if path.contains("://") => path,
        Some(path) if path.starts_with('/') => base + &path,
        Some(path) => format!("{base}/{path}"),
        None => base,
    };
    let uri = Template::new(&with_parameters(&target, &parameters));
    let addresses = if leads_to(&uri, &host)? {
        reachable.clone()
    } else {
        Vec::new()
    };
    Ok(Offer {
        uri,
        addresses,
        reachable,
        notes,
    })
}

/// `host.local.` as URLs have it.
pub(super) fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// The host as it is written into the URI.
fn host(target: &str) -> Result<String, String> {
    let name = without_dot(target);
    let unusable = |why: &str| {
        let name = shown(name);
        Err(format!("its host \u{201c}{name}\u{201d} {why}"))
    };
    // A token would be filled in here, and lead elsewhere.
    if name.contains(['$', '{', '}', '%']) || name.chars().any(char::is_control) {
        return unusable("is not a valid name");
    }
    match Host::parse(name) {
        // Security rule 4 lets a password go unencrypted to this computer, and
        // these are names of it, whatever address stands beside them.
        Ok(Host::Domain(ascii)) if ascii == "localhost" || ascii.ends_with(".localhost") => {
            unusable("is this computer's own name")
        }
        Ok(Host::Domain(ascii)) if !ascii.is_empty() => Ok(ascii),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) => unusable("is a number and not a name"),
        Ok(Host::Domain(_)) | Err(_) => unusable("is not a valid name"),
    }
}

/// The addresses that a connection can be made to, IPv4 first, those that need
/// no scope before those that do.
fn reachable(addresses: &[SocketAddr]) -> Result<Vec<SocketAddr>, String> {
    let mut usable: Vec<SocketAddr> = Vec::new();
    let mut refused = Vec::new();
    for address in addresses {
        if is_usable(address) {
            usable.push(*address);
        } else {
            refused.push(address.ip().to_string());
        }
    }
    usable.sort_by_key(|address| (address.is_ipv6(), needs_scope(address), *address));
    usable.dedup();
    if usable.is_empty() {
        return Err(if refused.is_empty() {
            "it names no address of its host".to_owned()
        } else {
            format!("no host is at {}", refused.join(", "))
        });
    }
    Ok(usable)
}

fn is_usable(address: &SocketAddr) -> bool {
    let v4 = |address: Ipv4Addr| {
        address.octets()[0] != 0
            && !address.is_loopback()
            && !address.is_multicast()
            && !address.is_broadcast()
    };
    let v6 = |address: Ipv6Addr| {
        !address.is_unspecified() && !address.is_loopback() && !address.is_multicast()
    };
    let plain = match address.ip().to_canonical() {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    };
    plain && !(needs_scope(address) && scope(address) == 0)
}

fn needs_scope(address: &SocketAddr) -> bool {
    matches!(address.ip(), IpAddr::V6(address) if address.is_unicast_link_local())
}

fn scope(address: &SocketAddr) -> u32 {
    match address {
        SocketAddr::V4(_) => 0,
        SocketAddr::V6(address) => address.scope_id(),
    }
}

/// Path, parameters and what was left out.
type Entries = (Option<String>, Vec<String>, Vec<String>);

/// Of a key that is there twice the first counts, whatever its case (RFC 6763
/// section 6.4). `path` itself is that in lower case only, as Jitsi compares it.
fn entries(strings: &[Vec<u8>]) -> Result<Entries, String> {
    let mut path = None;
    let mut parameters = Vec::new();
    let mut notes = Vec::new();
    let mut seen = Vec::new();
    for (key, value) in strings.iter().filter_map(|string| txt::entry(string)) {
        let lower = key.to_ascii_lowercase();
        if seen.contains(&lower) {
            let key = shown(&String::from_utf8_lossy(key));
            notes.push(format!("Its second {key} was left out."));
            continue;
        }
        seen.push(lower);
        let value = value.unwrap_or(b"true");
        match (str::from_utf8(key), str::from_utf8(value)) {
            (Ok("path"), Ok(value)) if !value.chars().any(char::is_control) => {
                path = Some(value.to_owned());
            }
            (Ok("path"), _) => return Err("its path is not text".to_owned()),
            // As Jitsi puts it together: `&` in a value begins a parameter.
            (Ok(key), Ok(value)) => parameters.push(format!("{key}={value}")),
            (key, _) => notes.push(match key {
                Ok(key) => format!("The value of {} is not text and was left out.", shown(key)),
                Err(_) => "A key that is not text was left out.".to_owned(),
            }),
        }
    }
    Ok((path, parameters, notes))
}

/// Behind a path that has parameters of its own, further ones follow with `&`:
/// only the first `?` of an address means something. None is left dangling.
fn with_parameters(target: &str, parameters: &[String]) -> String {
    // Blanks around `&` are taken for those of a paste, and removed.
    let dangling = |c: char| c == '&' || c.is_whitespace();
    let mut target = target.trim_end_matches(dangling).to_owned();
    if target.find('?').is_some_and(|at| at + 1 == target.len()) {
        target.pop();
    }
    if !parameters.is_empty() {
        target.push(if target.contains('?') { '&' } else { '?' });
        target.push_str(&parameters.join("&"));
    }
    target.trim_end_matches(dangling).to_owned()
}

/// Whether `uri`, which must be one that can be asked, names `host` and mDNS
/// says where that is. It says so only below `.local` (RFC 6762 section 3):
/// whoever is on the link must not move a name of the DNS to his own machine,
/// where a trusted origin of that name may be waited for.
fn leads_to(uri: &Template, host: &str) -> Result<bool, String> {
    let facts = HostFacts::default();
    match uri.expand(&facts, None) {
        Ok(expanded) => Ok(is(&expanded.url, host) && is_local(host)),
        // The values of tokens are not known here; it is read again with them.
        Err(_) if begins_with_token_or_scheme(uri) => Ok(false),
        Err(problem) => Err(format!("its address is not usable ({problem})")),
    }
}

fn is(url: &Url, host: &str) -> bool {
    url.host_str()
        .is_some_and(|named| without_dot(named).eq_ignore_ascii_case(host))
}

fn is_local(host: &str) -> bool {
    host.to_ascii_lowercase().ends_with(".local")
}

fn begins_with_token_or_scheme(uri: &Template) -> bool {
    let text = uri.storable();
    let target = text.split('?').next().unwrap_or_default();
    let starts = ["http://", "https://", "${"];
    target.contains("${") && starts.iter().any(|start| target.starts_with(start))
}
