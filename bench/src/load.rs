//! The load generator: many connections on one thread, with little work per request.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    net::SocketAddr,
    rc::Rc,
    time::Duration,
};

use anyhow::Context as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::LocalSet,
    time::{Instant, sleep_until},
};

use crate::event::{RequestFactory, Requests};

/// Latencies of requests after this time are reported separately.
const START_PHASE: Duration = Duration::from_secs(1);

/// Where requests come from.
pub enum LoadSource {
    /// Made in advance.
    Prepared(Requests),
    /// Made on demand, from this number on: for more requests than should be in memory.
    OnDemand(RequestFactory, u64),
}

/// The parameters of a load.
pub struct Load {
    /// Connections, which are kept alive.
    pub connections: usize,
    /// Requests in all.
    pub count: usize,
    /// Requests per second; none for as fast as they are answered.
    pub rate: Option<f64>,
}

/// The result of a load.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Answers with status 200.
    pub acknowledged: u64,
    /// Other answers, by status.
    pub refused: BTreeMap<u16, u64>,
    /// From the first request to the last answer.
    pub took: Duration,
    /// Microseconds until the answer, sorted. With a rate, from the time when the request was due.
    latencies: Vec<u32>,
    /// The latencies of requests after [`START_PHASE`].
    later: Vec<u32>,
}

impl Outcome {
    /// Acknowledged events per second.
    pub fn rate(&self) -> f64 {
        crate::per_second(self.acknowledged, self.took)
    }

    /// A quantile of the latency, in milliseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        crate::quantile(&self.latencies, share) / 1000.0
    }

    /// The same without the first second; 0 for a load that was shorter.
    pub fn later_quantile(&self, share: f64) -> f64 {
        crate::quantile(&self.later, share) / 1000.0
    }
}

struct Shared {
    source: LoadSource,
    load: Load,
    next: Cell<usize>,
    began: Instant,
    outcome: RefCell<Outcome>,
}

/// Sends the load; `answered` is called for every answer with status 200.
///
/// # Errors
/// When a connection breaks.
pub fn run(
    address: SocketAddr,
    load: Load,
    source: LoadSource,
    answered: impl Fn() + Clone + 'static,
) -> anyhow::Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let connections = load.connections;
    runtime.block_on(LocalSet::new().run_until(async move {
        let mut streams = Vec::with_capacity(connections);
        for _ in 0..connections {
            let stream = TcpStream::connect(address).await.context("cannot connect to the server")?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        let began = Instant::now();
        let shared = Rc::new(Shared { source, load, next: Cell::new(0), began, outcome: RefCell::default() });
        let clients: Vec<_> = streams
            .into_iter()
            .map(|stream| tokio::task::spawn_local(client(stream, Rc::clone(&shared), answered.clone())))
            .collect();
        for client in clients {
            client.await??;
        }
        let mut outcome = shared.outcome.take();
        outcome.took = began.elapsed();
        outcome.latencies.sort_unstable();
        outcome.later.sort_unstable();
        Ok(outcome)
    }))
}

async fn client(mut stream: TcpStream, shared: Rc<Shared>, answered: impl Fn()) -> anyhow::Result<()> {
    let (mut request_buffer, mut answer) = (Vec::new(), Vec::with_capacity(1024));
    loop {
        let index = shared.next.get();
        if index >= shared.load.count {
            return Ok(());
        }
        shared.next.set(index + 1);
        let due = shared.load.rate.map(|rate| shared.began + due_after(index, rate));
        if let Some(due) = due {
            sleep_until(due).await;
        }
        let request = match &shared.source {
            LoadSource::Prepared(requests) => requests.get(index),
            LoadSource::OnDemand(factory, first) => {
                request_buffer.clear();
                factory.request(first + index as u64, &mut request_buffer);
                &request_buffer
            }
        };
        let sent = due.unwrap_or_else(Instant::now);
        stream.write_all(request).await?;
        let status = read_answer(&mut stream, &mut answer).await?;
        let micros = u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
        let mut outcome = shared.outcome.borrow_mut();
        if status == 200 {
            outcome.acknowledged += 1;
            answered();
        } else {
            *outcome.refused.entry(status).or_default() += 1;
        }
        outcome.latencies.push(micros);
        if sent.duration_since(shared.began) >= START_PHASE {
            outcome.later.push(micros);
        }
    }
}

/// When a request is due, in whole milliseconds as the timer has them.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]
fn due_after(index: usize, rate: f64) -> Duration {
    Duration::from_millis((index as f64 / rate * 1000.0) as u64)
}

/// Reads one answer and returns its status.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> anyhow::Result<u16> {
    answer.clear();
    loop {
        let read = stream.read_buf(answer).await.context("the server reset a connection")?;
        anyhow::ensure!(read > 0, "the server closed a connection");
        let Some(head) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&answer[..head])?;
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(Ok(0), |(_, value)| value.trim().parse::<usize>())?;
        if answer.len() >= head + 4 + length {
            return Ok(text.get(9..12).context("an answer without a status")?.parse()?);
        }
    }
}
