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
        let longest = (worked * self.manner.rest).min(LONGEST_REST);
        if self.traffic.let_pass(self.manner.crowd, longest).await {
            self.last_crowd = Some(Instant::now());
        }
    }

    /// Whether many are to be expected while it works.
    #[must_use]
    pub fn expects_many(&self) -> bool {
        self.last_crowd.is_some_and(|last| last.elapsed() < MEMORY)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_are_expected_for_a_while_after_a_crowd() {
        let traffic = Traffic::default();
        let mut courtesy = Courtesy::towards(traffic.clone(), true);
        courtesy.rest(Duration::from_millis(1)).await;
        assert!(!courtesy.expects_many(), "nobody came");
        drop(traffic.of(IN_TURNS.crowd + 1));
        courtesy.rest(Duration::from_millis(1)).await;
        assert!(courtesy.expects_many(), "a crowd came");
        advance(MEMORY / 2).await;
        courtesy.rest(Duration::from_millis(1)).await;
        assert!(courtesy.expects_many(), "it was there a moment ago");
        advance(MEMORY).await;
        assert!(!courtesy.expects_many(), "nobody came any more");
    }

    #[tokio::test(start_paused = true)]
    async fn it_rests_in_proportion_to_its_work_and_never_for_long() {
        let traffic = Traffic::default();
        let _crowd = traffic.of(100);
        for (takes_turns, rest) in [(false, SIDE_BY_SIDE.rest), (true, IN_TURNS.rest)] {
            let mut courtesy = Courtesy::towards(traffic.clone(), takes_turns);
            for (worked, longest) in [(10, 10 * rest), (100_000, 500)] {
                let began = Instant::now();
                courtesy.rest(Duration::from_millis(worked)).await;
                let (rested, longest) = (began.elapsed(), Duration::from_millis(longest.into()));
                assert!(rested >= longest && rested < longest + Duration::from_millis(5), "{rested:?}");
            }
        }
    }
}
