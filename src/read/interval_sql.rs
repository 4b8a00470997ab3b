//! In which calendar interval a time is, as SQL.

use sea_orm::DbBackend;

use super::params::{Param, Params};

/// The interval that holds a time.
pub struct IntervalSql {
    /// Its number, from 0; null for null. No interval holds a time before the first edge or from the last one on.
    pub number: String,
    /// Its start.
    pub start: String,
    /// What the statement joins for it, behind the row of the time.
    pub join: String,
    /// What its `from` begins with.
    pub first: &'static str,
}

impl IntervalSql {
    /// Of a time, by the edges of a request; `alias` is that of the joined rows.
    pub fn of(date: &str, alias: &str, params: &mut Params) -> Self {
        let edges = params.bind(Param::Edges);
        if params.backend != DbBackend::Sqlite {
            let bucket = format!("width_bucket({date}, {edges}::bigint[])");
            let start = format!("({edges}::bigint[])[{bucket}]");
            return Self { number: format!("{bucket} - 1"), start, join: String::new(), first: "" };
        }
        // Each row would be compared with each interval, as SQLite indexes no ranges by itself. So time is cut into cells
        // as long as the longest interval, each interval is in one or two of them, and rows look their cell up: in an
        // index that SQLite makes if it expects several rows. It takes the first table, which has one, for many.
        let first = "json_each('[0]') one cross join ";
        let cell = params.bind(Param::LongestInterval);
        let join = format!(
            " left join (with i as (select key, value lo, lead(value) over (order by key) hi from json_each({edges})) \
             select key, lo, hi, lo / {cell} cell from i union select key, lo, hi, (hi - 1) / {cell} from i) {alias} on \
             {alias}.cell = {date} / {cell} and {date} >= {alias}.lo and {date} < {alias}.hi"
        );
        Self { number: format!("{alias}.key"), start: format!("{alias}.lo"), join, first }
    }
}
