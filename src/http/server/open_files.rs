//! The process's limit of open files (`RLIMIT_NOFILE`).

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files and database connections, beside the clients' connections.
const RESERVED: u64 = 200;

/// Raises the soft limit, commonly 1,024, to the hard limit; warns if that is too low for `connections`.
pub(super) fn raise_nofile_limit(connections: usize) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // If it is refused, the server runs with the limit that it has.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
    let wanted = connections as u64 + RESERVED;
    if let Some(current) = getrlimit(Resource::Nofile).current.filter(|current| *current < wanted) {
        tracing::warn!(
            open_files = current,
            wanted,
            "the limit of open files is lower than PROMOGRAPH_MAX_CONNECTIONS needs: raise `ulimit -n`"
        );
    }
}
