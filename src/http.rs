//! The HTTP side: routes and what is common to them.

pub mod graphiql;
