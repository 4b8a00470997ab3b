//! Whether reads get slower with the number of rows, or with the depth of a page.

use super::{
    DATABASE, ReadsArgs, SETTINGS, filled,
    query::{Parameters, Query, Request},
    rounds::{Sample, median, millis, sample},
    target::{Issuer, Target, TargetKind},
    wrk::{self, Load},
};
use crate::{folder::TempFolder, postgres::Cluster, session::Session};

/// Leads in front of a page.
const DEPTHS: [u32; 3] = [1, 1_000, 100_000];
/// Pages around a depth.
const PAGES: i64 = 100;
/// Single rows that are asked for.
const ROWS: i64 = 5_000;
/// Few connections: the time of an answer is wanted, not of waiting for others.
const CONNECTIONS: u32 = 2;

const LEAD: &str =
    "query Lead($id: BigInt!) { lead(firstPromoterId: $id) { email state createdAt promoter { email } } }";

/// Prints a table, relative to the smallest database.
///
/// # Errors
/// When something does not work.
pub fn run(args: &ReadsArgs) -> anyhow::Result<()> {
    println!("| Leads | Read | CPU µs | p50 ms | CPU relative to the smallest |\n|---|---|---|---|---|");
    let mut smallest: Vec<(String, f64)> = Vec::new();
    for leads in &args.instead.sizes {
        for (name, samples) in measure(args, *leads)? {
            let micros = median(samples.iter().map(Sample::micros).collect());
            let p50 = median(samples.iter().map(|sample| millis(sample.figures.p50)).collect());
            let base = smallest.iter().find(|(other, _)| *other == name).map_or(micros, |(_, micros)| *micros);
            println!("| {leads} | {name} | {micros:.0} | {p50:.2} | {:.2} |", micros / base);
            if !smallest.iter().any(|(other, _)| *other == name) {
                smallest.push((name, micros));
            }
        }
    }
    Ok(())
}

/// The samples of each kind of read on a database of this size.
fn measure(args: &ReadsArgs, leads: u32) -> anyhow::Result<Vec<(String, Vec<Sample>)>> {
    let cluster = Cluster::start(args.postgres_bin.as_deref(), SETTINGS)?;
    filled(&cluster, DATABASE, &args.binary, leads)?;
    let issuer = Issuer { binary: args.binary.clone(), database: cluster.tcp_url(DATABASE) };
    let mut target = Target::start(TargetKind::Promograph, &issuer)?;
    let session = Session::open(&cluster.config(DATABASE))?;
    let folder = TempFolder::new("growth")?;

    let mut files = Vec::new();
    let rows = session.rows("select id from lead order by hashint8extended(id, 0) limit $1", &[&ROWS])?;
    let requests =
        rows.iter().map(|row| Ok(lead(row.try_get(0)?, target.token()))).collect::<anyhow::Result<Vec<_>>>()?;
    files.push(("one lead by id".to_owned(), wrk::write(&folder, "lead", &requests)?));
    for depth in DEPTHS.into_iter().filter(|depth| i64::from(*depth) + 2 * PAGES < i64::from(leads)) {
        let sql = "select id, created_at_sort from lead order by created_at_sort desc, id desc offset $1 limit $2";
        let rows = session.rows(sql, &[&i64::from(depth - 1), &PAGES])?;
        let asked = rows.iter().map(|row| Ok(Parameters { id: row.try_get(0)?, number: row.try_get(1)? }));
        target.prepare(Query::Q3, &asked.collect::<anyhow::Result<Vec<_>>>()?)?;
        let file = wrk::write(&folder, &format!("page-{depth}"), target.requests(Query::Q3)?)?;
        files.push((format!("100 leads behind {depth}"), file));
    }
    cluster.settle()?;

    let mut all: Vec<_> = files.iter().map(|(name, _)| (name.clone(), Vec::new())).collect();
    for round in 0..=args.rounds {
        for ((_, file), (name, samples)) in files.iter().zip(&mut all) {
            let load = Load { connections: CONNECTIONS, seconds: args.seconds, first: 0, pause: 0 };
            let sample = sample(&target, &cluster, file, load)?;
            if round > 0 {
                eprintln!("{round} {leads} {name:<28} {sample}");
                samples.push(sample);
            }
        }
    }
    Ok(all)
}

fn lead(id: i64, token: &str) -> Request {
    let body = serde_json::json!({ "query": LEAD, "variables": { "id": id } });
    Request { path: "/graphql".to_owned(), token: token.to_owned(), body: body.to_string() }
}
