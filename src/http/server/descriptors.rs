//! How many sockets the system gives this process.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Beside connections: files and connections to the database.
const OTHERS: u64 = 200;

/// Asks for as many as may be had, since the usual start is 1,024; says so if that is too few.
pub(super) fn raise(connections: usize) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Where this is not allowed we go on with what there is.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
    let wanted = connections as u64 + OTHERS;
    if let Some(current) = getrlimit(Resource::Nofile).current.filter(|current| *current < wanted) {
        tracing::warn!(
            open_files = current,
            wanted,
            "the system gives fewer open files than PROMOGRAPH_MAX_CONNECTIONS needs: raise `ulimit -n`"
        );
    }
}
