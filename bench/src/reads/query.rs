//! The measured questions, their parameters, and how each server is asked.

use std::fmt;

use chrono::DateTime;
use clap::ValueEnum;
use serde_json::{Value, json};

use super::dataset::SEED;
use crate::session::Session;

/// A measured question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Query {
    /// One promoter by id with promotions, each with offer and reward
    Q1,
    /// 50 promoters after a cursor with promotions, offers, rewards and each promotion's 10 newest leads
    Q2,
    /// 100 leads after a cursor, each with the promoter's address and the campaign's name
    Q3,
    /// A promoter's own page under the promoter's token
    Own,
    /// The best promotions of a campaign that match a filter, with their number
    List,
    /// A campaign's referrals by month and state
    Q4,
    /// A promoter's referrals and customers of a year by month under the promoter's token
    OwnYear,
    /// The 20 promoters with most referrals of a quarter
    Top,
    /// The programme's referrals, customers and cancellations by month
    Whole,
    /// The programme's sales, revenue and earnings by month
    Sales,
}

/// How a server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Promograph's GraphQL.
    Promograph,
    /// `PostGraphile`'s GraphQL.
    Postgraphile,
    /// A path per question and its parameters as JSON.
    Limit,
}

/// The parameters of one request.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    /// The id of a promoter (a page begins after it), a lead or a campaign; of a period its begin.
    pub id: i64,
    /// The sort key of that row; of a list the smallest number of leads; of a period its end.
    pub number: i64,
}

/// What requests of GraphQL need beside the parameters: opaque texts that the server itself returned.
#[derive(Clone, Debug, Default)]
pub struct Opaque {
    /// The cursor of the row, or the campaign's id.
    pub text: String,
    /// The token, if it is not the one for everything.
    pub token: Option<String>,
}

/// One HTTP request.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    pub token: String,
    pub body: String,
}

impl Query {
    /// The parameters of so many requests: distinct rows at random, the same for every server.
    ///
    /// # Errors
    /// When the database does not answer.
    pub fn parameters(self, session: &Session, count: i64) -> anyhow::Result<Vec<Parameters>> {
        let sql = match self {
            Self::Q1 | Self::Own | Self::OwnYear => {
                "select id, 0::bigint from promoter order by hashint8extended(id, $2) limit $1"
            }
            Self::Q2 => "select id, joined_at_sort from promoter order by hashint8extended(id, $2) limit $1",
            Self::Q3 => "select id, created_at_sort from lead order by hashint8extended(id, $2) limit $1",
            // Campaigns have some 1,500 promotions, a third to all of which have as many leads.
            Self::List => {
                "select campaign.id, (share * (select avg(leads_count) from promotion))::bigint \
                    from campaign, generate_series(0.5, 1.1, 0.025) share \
                    order by hashint8extended(campaign.id * 100 + (share * 40)::bigint, $2) limit $1"
            }
            Self::Q4 => "select id, 0::bigint from campaign order by hashint8extended(id, $2) limit $1",
            // The data set has eight quarters, from November 2024.
            Self::Top => {
                "select (extract(epoch from begin) * 1000)::bigint, \
                    (extract(epoch from begin + interval '3 months') * 1000)::bigint \
                    from generate_series(timestamp '2024-11-01', '2026-08-01', '3 months') begin \
                    order by hashint8extended(extract(epoch from begin)::bigint, $2) limit $1"
            }
            // There is nothing to choose.
            Self::Whole | Self::Sales => "select 0::bigint, $2::bigint limit $1",
        };
        let rows = session.rows(sql, &[&count, &SEED])?;
        rows.iter().map(|row| Ok(Parameters { id: row.try_get(0)?, number: row.try_get(1)? })).collect()
    }

    /// Its name in tables.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Q1 => "Q1",
            Self::Q2 => "Q2",
            Self::Q3 => "Q3",
            Self::Own => "own page",
            Self::List => "list",
            Self::Q4 => "Q4",
            Self::OwnYear => "own year",
            Self::Top => "top",
            Self::Whole => "whole",
            Self::Sales => "sales",
        }
    }

    /// Whether it asks for figures instead of rows.
    pub const fn is_figures(self) -> bool {
        matches!(self, Self::Q4 | Self::OwnYear | Self::Top | Self::Whole | Self::Sales)
    }

    /// How many distinct requests there are: tokens take longer to make than other parameters.
    pub const fn distinct(self) -> i64 {
        match self {
            Self::Q1 => 20_000,
            Self::Q2 | Self::Q3 => 5_000,
            Self::Own | Self::OwnYear => 100,
            Self::List => 500,
            Self::Q4 => 20,
            Self::Top => 8,
            Self::Whole | Self::Sales => 1,
        }
    }

    /// The most connections that it is asked over. An answer that takes the database a quarter of a second would come after
    /// several seconds over many, and what is half done at the end of a load counts as CPU, but not as an answer.
    pub const fn most_connections(self) -> u32 {
        match self {
            Self::Top => 8,
            Self::Whole | Self::Sales => 2,
            _ => u32::MAX,
        }
    }

    /// The request for these parameters. `token` is the one for everything.
    pub fn request(self, dialect: Dialect, asked: Parameters, opaque: &Opaque, token: &str) -> Request {
        let Parameters { id, number } = asked;
        let (path, body) = if dialect == Dialect::Limit {
            (format!("/{self}"), json!({ "id": id, "number": number }))
        } else {
            let variables = self.variables(dialect, asked, &opaque.text);
            ("/graphql".to_owned(), json!({ "query": self.document(dialect), "variables": variables }))
        };
        let token = opaque.token.as_deref().unwrap_or(token);
        Request { path, token: token.to_owned(), body: body.to_string() }
    }

    fn variables(self, dialect: Dialect, Parameters { id, number }: Parameters, opaque: &str) -> Value {
        // PostGraphile takes 64-bit numbers as strings.
        let stringly = dialect == Dialect::Postgraphile;
        let number_of = |value: i64| if stringly { Value::from(value.to_string()) } else { Value::from(value) };
        match (self, dialect) {
            (Self::Q1, _) | (Self::Own, Dialect::Postgraphile) => json!({ "id": number_of(id) }),
            (Self::Q2 | Self::Q3, _) => json!({ "after": opaque }),
            (Self::Own | Self::OwnYear | Self::Whole | Self::Sales, _) => json!({}),
            (Self::Q4, Dialect::Postgraphile) => json!({ "campaign": number_of(id) }),
            (Self::Q4, _) => json!({ "campaign": opaque }),
            (Self::Top, _) => json!({ "from": time(id), "to": time(number) }),
            (Self::List, Dialect::Postgraphile) => json!({ "campaign": number_of(id), "leads": number_of(number) }),
            (Self::List, _) => json!({ "campaign": opaque, "leads": number_of(number) }),
        }
    }

    fn document(self, dialect: Dialect) -> &'static str {
        macro_rules! document {
            ($server:literal, $name:literal) => {
                include_str!(concat!("../../queries/", $server, "/", $name, ".graphql"))
            };
        }
        macro_rules! documents {
            ($name:literal) => {
                (document!("promograph", $name), document!("postgraphile", $name))
            };
        }
        let (promograph, postgraphile) = match self {
            Self::Q1 => documents!("q1"),
            Self::Q2 => documents!("q2"),
            Self::Q3 => documents!("q3"),
            Self::Own => documents!("own"),
            Self::List => documents!("list"),
            Self::Q4 => documents!("q4"),
            // `Target::answers` says that PostGraphile is not asked.
            Self::OwnYear => (document!("promograph", "own_year"), ""),
            Self::Top => (document!("promograph", "top"), ""),
            Self::Whole => (document!("promograph", "whole"), ""),
            Self::Sales => (document!("promograph", "sales"), ""),
        };
        if dialect == Dialect::Postgraphile { postgraphile } else { promograph }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Q1 => "q1",
            Self::Q2 => "q2",
            Self::Q3 => "q3",
            Self::Own => "own",
            Self::List => "list",
            Self::Q4 => "q4",
            Self::OwnYear => "own-year",
            Self::Top => "top",
            Self::Whole => "whole",
            Self::Sales => "sales",
        })
    }
}

/// As RFC 3339; null if it is out of range.
fn time(ms: i64) -> Value {
    DateTime::from_timestamp_millis(ms).map(|time| time.to_rfc3339()).into()
}
