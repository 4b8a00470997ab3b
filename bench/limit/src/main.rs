//! The hand-written limit: what the measured questions cost on the same tables without GraphQL, tokens, limits and a
//! plan per request. Statements are prepared at start, rows are read in binary, JSON is written by hand. It answers
//! what Promograph answers to the documents in `bench/queries/promograph`.
//!
//! `promograph-limit ADDRESS DATABASE_URL`

mod answers;
mod connections;
mod figures;
mod json;
mod objects;

use std::{env, sync::Arc};

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
    serve::ListenerExt as _,
};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio_postgres::Error;

use crate::connections::{Connection, Connections};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The parameters of every question: the id of a row, and its sort key or another number.
#[derive(Clone, Copy, Deserialize)]
struct Parameters {
    id: i64,
    number: i64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().context("the address to listen on is missing")?;
    let url = arguments.next().context("the URL of the database is missing")?;
    let connections = Arc::new(Connections::open(&url, "").await?);
    // Pages in any order are no dearer: figures are read from indexes alone.
    let for_figures = Arc::new(Connections::open(&url, "-c random_page_cost=1.1").await?);
    let router = Router::new()
        .route("/q1", post(async |State(state), Json(asked)| q1(state, asked).await))
        .route("/q2", post(async |State(state), Json(asked)| q2(state, asked).await))
        .route("/q3", post(async |State(state), Json(asked)| q3(state, asked).await))
        .route("/own", post(async |State(state), Json(asked)| own(state, asked).await))
        .route("/list", post(async |State(state), Json(asked)| list(state, asked).await))
        .with_state(connections);
    let figures = Router::new()
        .route("/q4", post(async |State(state), Json(asked)| q4(state, asked).await))
        .route("/own-year", post(async |State(state), Json(asked)| own_year(state, asked).await))
        .route("/top", post(async |State(state), Json(asked)| top(state, asked).await))
        .route("/whole", post(async |State(state)| whole(state).await))
        .route("/sales", post(async |State(state)| sales(state).await))
        .with_state(for_figures);
    let listener = TcpListener::bind(&address).await?.tap_io(|stream| {
        // Without it answers still arrive.
        stream.set_nodelay(true).ok();
    });
    eprintln!("listening on {address}");
    axum::serve(listener, router.merge(figures)).await?;
    Ok(())
}

type Shared = Arc<Connections>;

async fn q1(connections: Shared, Parameters { id, .. }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    answer(client.query(&statements.q1, &[&id]).await, |rows, out| answers::q1(&rows, out))
}

async fn q2(connections: Shared, Parameters { id, number }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    answer(client.query(&statements.q2, &[&number, &id]).await, |rows, out| answers::q2(&rows, out))
}

async fn q3(connections: Shared, Parameters { id, number }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    answer(client.query(&statements.q3, &[&number, &id]).await, |rows, out| answers::q3(&rows, out))
}

async fn own(connections: Shared, Parameters { id, .. }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 1] = [&id];
    let read = tokio::try_join!(
        client.query(&statements.own_promotions, &parameters),
        client.query(&statements.own_leads, &parameters),
        client.query_one(&statements.own_count, &parameters),
    );
    answer(read, |(promotions, leads, count), out| answers::own(&promotions, &leads, &count, out))
}

async fn list(connections: Shared, Parameters { id, number }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    answer(client.query(&statements.list, &[&id, &number]).await, |rows, out| answers::list(&rows, out))
}

async fn q4(connections: Shared, Parameters { id, .. }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    answer(client.query(&statements.figures.q4, &[&id]).await, |rows, out| figures::q4(&rows, out))
}

async fn own_year(connections: Shared, Parameters { id, .. }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 1] = [&id];
    let read = tokio::try_join!(
        client.query(&statements.figures.own_year_referrals, &parameters),
        client.query(&statements.figures.own_year_customers, &parameters),
    );
    answer(read, |(referrals, customers), out| {
        figures::by_month(figures::YEAR, &[("referrals", &referrals), ("customers", &customers)], out)
    })
}

/// The parameters are the period's begin and end.
async fn top(connections: Shared, Parameters { id, number }: Parameters) -> Response {
    let Connection { client, statements } = connections.next();
    let read = async {
        let most = figures::most(&client.query(&statements.figures.top, &[&id, &number]).await?)?;
        let ids: Vec<_> = most.iter().filter_map(|(promoter, _)| *promoter).collect();
        let names = client.query(&statements.figures.names, &[&ids]).await?;
        Ok((most, names))
    };
    answer(read.await, |(most, names), out| figures::top(&most, &names, out))
}

async fn whole(connections: Shared) -> Response {
    // Side by side.
    let [one, other, third] = [connections.next(), connections.next(), connections.next()];
    let read = tokio::try_join!(
        one.client.query(&one.statements.figures.whole_referrals, &[]),
        other.client.query(&other.statements.figures.whole_customers, &[]),
        third.client.query(&third.statements.figures.whole_cancellations, &[]),
    );
    answer(read, |(referrals, customers, cancelled), out| {
        let counted = [("referrals", &*referrals), ("customers", &*customers), ("cancellations", &*cancelled)];
        figures::by_month(figures::TWO_YEARS, &counted, out)
    })
}

async fn sales(connections: Shared) -> Response {
    let [one, other] = [connections.next(), connections.next()];
    let read = tokio::try_join!(
        one.client.query(&one.statements.figures.sales, &[]),
        other.client.query(&other.statements.figures.earnings, &[]),
    );
    answer(read, |(sales, earnings), out| figures::sales(&sales, &earnings, out))
}

/// Writes what was read, or the error.
fn answer<R>(read: Result<R, Error>, write: impl FnOnce(R, &mut Vec<u8>) -> Result<(), Error>) -> Response {
    let mut out = Vec::with_capacity(1024);
    match read.and_then(|read| write(read, &mut out)) {
        Ok(()) => ([(header::CONTENT_TYPE, "application/json")], out).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
