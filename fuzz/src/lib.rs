//! The rules alone (`src/provisioning` of the program, by links): they are
//! what reads bytes from outside, and so a target is built in seconds.

pub mod provisioning;
