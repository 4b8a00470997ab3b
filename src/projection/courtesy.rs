//! Letting deliveries pass: what was accepted can be applied later, but a sender waits for its answer, and
//! both want the same cores.

use std::time::Duration;

use tokio::time::Instant;

use crate::inbox::Traffic;

/// When it rests, and for how long.
#[derive(Clone, Copy, Debug)]
struct Manner {
    /// More waiting deliveries than this are a crowd. Where the database keeps up, two thousand in a second
    /// are some six at a time.
    crowd: usize,
    /// It rests at most so many times as long as it has worked.
    rest: u32,
}

impl Manner {
    /// How long it rests at most after having worked for so long.
    fn longest(self, worked: Duration) -> Duration {
        worked.saturating_mul(self.rest).min(LONGEST_REST)
    }
}

/// Where both write at the same time.
const SIDE_BY_SIDE: Manner = Manner { crowd: 64, rest: 3 };
/// Where one thread writes for both.
const IN_TURNS: Manner = Manner { crowd: 32, rest: 6 };
/// It never rests for longer than this, so that it always goes on.
const LONGEST_REST: Duration = Duration::from_millis(500);
/// How long after a crowd the next one is expected.
const MEMORY: Duration = Duration::from_secs(1);

/// What the projection does for deliveries.
#[derive(Debug)]
pub struct Courtesy {
    traffic: Traffic,
    manner: Manner,
    last_crowd: Option<Instant>,
}

impl Courtesy {
    /// Towards these deliveries; says whether they and the projection take turns to write.
    #[must_use]
    pub fn towards(traffic: Traffic, takes_turns: bool) -> Self {
        Self { traffic, manner: if takes_turns { IN_TURNS } else { SIDE_BY_SIDE }, last_crowd: None }
    }

    /// Rests while many deliveries wait, after having worked for so long.
    pub async fn rest(&mut self, worked: Duration) {
        if self.traffic.let_pass(self.manner.crowd, self.manner.longest(worked)).await {
            self.last_crowd = Some(Instant::now());
        }
    }

    /// Whether many are to be expected while it works.
    #[must_use]
    pub fn expects_many(&self) -> bool {
        self.expects_many_at(Instant::now())
    }

    fn expects_many_at(&self, now: Instant) -> bool {
        self.last_crowd.is_some_and(|last| now.duration_since(last) < MEMORY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn many_are_expected_for_a_while_after_a_crowd() {
        let traffic = Traffic::default();
        let mut courtesy = Courtesy::towards(traffic.clone(), true);
        courtesy.rest(Duration::ZERO).await;
        assert!(!courtesy.expects_many(), "nobody came");
        drop(traffic.of(IN_TURNS.crowd + 1));
        courtesy.rest(Duration::ZERO).await;
        let crowd = courtesy.last_crowd.unwrap();
        courtesy.rest(Duration::ZERO).await;
        assert!(courtesy.expects_many_at(crowd + MEMORY / 2), "it was there a moment ago");
        assert!(!courtesy.expects_many_at(crowd + MEMORY), "nobody came any more");
    }

    #[test]
    fn it_rests_in_proportion_to_its_work_and_never_for_long() {
        for manner in [SIDE_BY_SIDE, IN_TURNS] {
            assert_eq!(manner.longest(Duration::from_millis(10)), Duration::from_millis(10) * manner.rest);
            assert_eq!(manner.longest(Duration::MAX), LONGEST_REST);
        }
    }
}
