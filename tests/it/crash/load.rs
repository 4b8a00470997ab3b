//! Senders that go on whatever happens, and what they know in the end.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::programme;
use crate::support::{Dice, Socket, TOKEN};

const SENDERS: u64 = 6;
/// Between two events of a sender, at most.
const PAUSE_MICROS: i64 = 15_000;
/// So long FirstPromoter waits for an answer.
const SENDER_WAITS: Duration = Duration::from_secs(15);

/// What became of the events that were sent.
#[derive(Default)]
pub struct Told {
    /// By event id: whether any of its deliveries was answered with 200.
    events: Mutex<BTreeMap<i64, bool>>,
    /// Where servers may listen now.
    addresses: Mutex<Vec<String>>,
    next: AtomicI64,
    /// Answers that were 200.
    pub answers: AtomicU64,
    /// Answers that were 503.
    pub refusals: AtomicU64,
    /// Deliveries whose connection broke.
    pub broken: AtomicU64,
}

/// Senders at work.
pub struct Load {
    pub told: Arc<Told>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Load {
    /// Starts to send to these servers.
    pub fn start(addresses: Vec<String>, seed: u64) -> Self {
        let (told, stop, mut tasks) = (Arc::new(Told::default()), CancellationToken::new(), JoinSet::new());
        told.direct(addresses);
        told.next.store(1_000_000, Ordering::SeqCst);
        for number in 1..=SENDERS {
            let (told, stop) = (Arc::clone(&told), stop.clone());
            tasks.spawn(async move { told.send(Dice::new([seed, number, 0, 0]), &stop).await });
        }
        Self { told, stop, tasks }
    }

    /// Ends after the deliveries at hand; gives each event id with whether it was answered with 200.
    pub async fn stop(mut self) -> BTreeMap<i64, bool> {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
        self.told.events.lock().unwrap().clone()
    }
}

impl Told {
    /// The servers listen there from now on.
    pub fn direct(&self, addresses: Vec<String>) {
        *self.addresses.lock().unwrap() = addresses;
    }

    async fn send(&self, mut dice: Dice, stop: &CancellationToken) {
        let mut socket = None;
        let mut again = None;
        while !stop.is_cancelled() {
            let (id, body) = again.take().unwrap_or_else(|| {
                let id = self.next.fetch_add(1, Ordering::SeqCst);
                (id, programme::event(id, &mut dice).to_string().into_bytes())
            });
            if socket.is_none() {
                socket = self.connect(&mut dice).await;
            }
            let Some(mut open) = socket.take() else {
                again = Some((id, body));
                sleep(Duration::from_millis(5)).await;
                continue;
            };
            self.events.lock().unwrap().entry(id).or_insert(false);
            let posted = timeout(SENDER_WAITS, open.post("/webhooks/firstpromoter", TOKEN, &body)).await;
            let answer = posted.expect("a sender gave up waiting");
            // Another server may answer the next one.
            socket = (answer.is_ok() && dice.percent(90)).then_some(open);
            match answer {
                Ok((200, _)) => {
                    self.events.lock().unwrap().insert(id, true);
                    self.answers.fetch_add(1, Ordering::SeqCst);
                }
                Ok((503, _)) => {
                    self.refusals.fetch_add(1, Ordering::SeqCst);
                }
                Ok((status, answer)) => panic!("{status}: {answer}"),
                Err(_) => {
                    self.broken.fetch_add(1, Ordering::SeqCst);
                }
            }
            // Some senders repeat what was not answered, and now and then what was.
            let was_answered = self.events.lock().unwrap()[&id];
            if dice.percent(if was_answered { 3 } else { 50 }) {
                again = Some((id, body));
            }
            sleep(Duration::from_micros(dice.number(PAUSE_MICROS).unsigned_abs())).await;
        }
    }

    async fn connect(&self, dice: &mut Dice) -> Option<Socket> {
        let address = dice.pick(&self.addresses.lock().unwrap()).clone();
        Socket::connect(&address).await.ok()
    }
}
