//! Why the sample server does not start.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    path::PathBuf,
};

use thiserror::Error;

/// Why the sample server does not start. `Display` says what happened,
/// [`ServeError::advice`] what to do, and `source` keeps the system's words.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Another program has the port.
    #[error("Another program already listens on {0}.")]
    AddressInUse(SocketAddr),
    /// The system keeps the port for itself.
    #[error("The system does not let this program listen on {0}.")]
    AddressDenied(SocketAddr),
    /// No interface has the address.
    #[error("This machine does not have the address {0}.")]
    AddressNotHere(SocketAddr),
    /// The address cannot be listened on for another reason.
    #[error("The server cannot listen on {address}.")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// There is no such folder.
    #[error("There is no folder {}.", .0.display())]
    FolderMissing(PathBuf),
    /// It is there, but it is no folder.
    #[error("{} is not a folder.", .0.display())]
    NotAFolder(PathBuf),
    /// The folder cannot be read.
    #[error("The folder {} cannot be read.", .path.display())]
    FolderUnreadable {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Nothing in the folder can be served.
    #[error("There is no .properties file in {}.", .0.display())]
    NothingToServe(PathBuf),
    /// The user is not `NAME:PASSWORD`, or the name cannot be sent.
    #[error("The user is not of the form NAME:PASSWORD.")]
    User,
}

impl ServeError {
    /// One sentence that says what to do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::AddressInUse(_) => {
                "Stop the other program, or choose another port; port 0 takes a free one."
            }
            Self::AddressDenied(_) => {
                "Choose a port from 1024 on; lower ones belong to the administrator."
            }
            Self::AddressNotHere(_) => {
                "Listen on 127.0.0.1 for this machine only, or on one of its own addresses."
            }
            Self::Listen { .. } => "Try 127.0.0.1:0, which takes a free port of this machine.",
            Self::FolderMissing(_) | Self::NotAFolder(_) => {
                "Check the path, or leave the folder out to serve the built-in sample."
            }
            Self::FolderUnreadable { .. } => "Check who may read the folder.",
            Self::NothingToServe(_) => {
                "Put a provisioning.properties there, or leave the folder out to serve the built-in sample."
            }
            Self::User => "Write a name without a colon, a colon and a password, as in demo:demo.",
        }
    }

    /// What a failure to listen on `address` means.
    pub(super) fn listen(address: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            ErrorKind::AddrInUse => Self::AddressInUse(address),
            ErrorKind::PermissionDenied => Self::AddressDenied(address),
            ErrorKind::AddrNotAvailable => Self::AddressNotHere(address),
            _ => Self::Listen { address, source },
        }
    }

    /// What a failure to read the folder `path` means.
    pub(super) fn folder(path: PathBuf, source: io::Error) -> Self {
        match source.kind() {
            ErrorKind::NotFound => Self::FolderMissing(path),
            ErrorKind::NotADirectory => Self::NotAFolder(path),
            _ => Self::FolderUnreadable { path, source },
        }
    }
}
