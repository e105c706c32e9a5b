//! The panes below *Options › Advanced*, one file each.

pub(super) mod provisioning;
