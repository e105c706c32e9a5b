//! THE RULES: what the contract says, as pure functions and data. Nothing in
//! here touches files, sockets, the environment, a clock or a runtime.

pub mod advice;
pub mod bonjour;
pub mod challenge;
pub mod credentials;
pub mod dhcp;
pub mod exchange;
pub mod facts;
pub mod failure;
pub mod keys;
pub mod layers;
pub mod lint;
pub mod method;
pub mod origin;
pub mod plan;
pub mod preseed;
pub mod properties;
pub mod report;
pub mod request;
pub mod response;
pub mod run;
pub mod search;
pub mod secret;
pub mod summary;
pub mod trust;
pub mod uri;
pub mod warning;
