//! The `promograph` command.

fn main() {}
