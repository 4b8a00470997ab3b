//! How a transaction of the projection begins on `PostgreSQL`.

/// Every row is found by its key, one after the other. A plan that was made while a table was empty would read it
/// from end to end, and is kept until the table is analyzed: by then it may hold a hundred thousand rows.
macro_rules! by_key {
    () => {
        "begin; set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off; \
            set local enable_material = off"
    };
}

/// To write what is found by its key.
pub const BY_KEY: &str = by_key!();
/// The same, and the commit does not wait for the disk.
pub const BY_KEY_LIGHTLY: &str = concat!(by_key!(), "; set local synchronous_commit = off");
