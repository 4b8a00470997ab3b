//! Senders that go on through an outage, and what they were answered.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use tokio::{task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{Socket, TOKEN, eventually, fixture};

/// So long FirstPromoter waits for an answer.
const SENDER_WAITS: Duration = Duration::from_secs(15);

/// The events that were answered with 200, each a sign-up of a lead that nobody else has.
pub struct Senders {
    answered: Arc<Mutex<BTreeSet<i64>>>,
    next: Arc<AtomicI64>,
}

/// Senders at work.
pub struct Sending {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Senders {
    pub fn new() -> Self {
        Self { answered: Arc::default(), next: Arc::new(AtomicI64::new(1_000_000)) }
    }

    /// Starts senders; each posts one event after the other. Every one must be answered with 200.
    pub fn start(&self, address: &str, senders: usize) -> Sending {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for _ in 0..senders {
            let (address, stop) = (address.to_owned(), stop.clone());
            let (answered, next) = (Arc::clone(&self.answered), Arc::clone(&self.next));
            tasks.spawn(async move {
                let mut socket = Socket::connect(&address).await.unwrap();
                while !stop.is_cancelled() {
                    let id = next.fetch_add(1, Ordering::Relaxed);
                    post(&mut socket, id).await;
                    answered.lock().unwrap().insert(id);
                }
            });
        }
        Sending { stop, tasks }
    }

    /// Has events answered, one after the other of each sender, until there are so many more.
    pub async fn send(&self, address: &str, senders: usize, more: usize) {
        let sending = self.start(address, senders);
        self.answer_more(more).await;
        sending.stop().await;
    }

    /// Waits until so many more are answered.
    pub async fn answer_more(&self, more: usize) {
        let enough = self.count() + more;
        eventually("events are answered", async || self.count() >= enough).await;
    }

    /// Posts events of so many kilobytes until one is refused for want of room.
    pub async fn fill(&self, address: &str, kilobytes: usize) {
        let mut socket = Socket::connect(address).await.unwrap();
        while self.post_large(&mut socket, kilobytes).await == 200 {}
    }

    /// Posts an event of so many kilobytes; it is answered with 200, or with 503 if it is not kept.
    pub async fn post_large(&self, socket: &mut Socket, kilobytes: usize) -> u16 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut event = signup(id);
        event["large"] = "x".repeat(kilobytes * 1_000).into();
        let body = event.to_string();
        let answer = socket.post("/webhooks/firstpromoter", TOKEN, body.as_bytes());
        let (status, body) = timeout(SENDER_WAITS, answer).await.expect("the sender gave up waiting").unwrap();
        match status {
            200 => drop(self.answered.lock().unwrap().insert(id)),
            503 => {}
            status => panic!("{status}: {body}"),
        }
        status
    }

    pub fn count(&self) -> usize {
        self.answered.lock().unwrap().len()
    }

    pub fn answered(&self) -> BTreeSet<i64> {
        self.answered.lock().unwrap().clone()
    }
}

impl Sending {
    /// Ends after the requests at hand; fails if any was not answered with 200.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
    }
}

/// Posts the event of this id, which must be answered with 200 before the sender gives up.
pub async fn post(socket: &mut Socket, id: i64) {
    let body = signup(id).to_string();
    let answer = socket.post("/webhooks/firstpromoter", TOKEN, body.as_bytes());
    let (status, body) = timeout(SENDER_WAITS, answer).await.expect("the sender gave up waiting").unwrap();
    assert_eq!(status, 200, "{body}");
}

fn signup(id: i64) -> Value {
    let mut event: Value = serde_json::from_str(&fixture("lead_signup")).unwrap();
    event["event"]["id"] = id.into();
    event["data"]["id"] = id.into();
    event["data"]["email"] = format!("lead-{id}@customer.example").into();
    event
}
