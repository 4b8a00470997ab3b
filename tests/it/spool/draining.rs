//! How the spool is emptied.

use sea_orm::{ConnectionTrait as _, Statement};

use super::{Beside, delivery, edges::hang};
use crate::support::eventually;

impl Beside {
    async fn run(&self, sql: &str) {
        self.test.database.write.execute_unprepared(sql).await.unwrap();
    }

    async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.test.database.backend, sql);
        let row = self.test.database.read.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }
}

#[tokio::test]
async fn nothing_leaves_the_spool_before_the_database_has_it() {
    let beside = Beside::new().await;
    // What is counted by a sequence stays counted.
    beside.run("create sequence tries").await;
    beside
        .run(
            "create function refuse() returns trigger language plpgsql as $$ begin perform nextval('tries');
                raise exception 'read only' using errcode = '25006'; end $$",
        )
        .await;
    beside.run("create trigger refuse before insert on webhook_event for each row execute function refuse()").await;
    beside.start_draining();
    for event in ["1", "2", "3"] {
        beside.intake.store(delivery(event)).await.unwrap();
    }
    let tried = beside.number("select last_value from tries").await;
    eventually("it is tried again", async || beside.number("select last_value from tries").await > tried + 2).await;
    assert_eq!(beside.waiting().await, 3);
    beside.run("drop trigger refuse on webhook_event").await;
    beside.until_waiting(0).await;
    assert_eq!(beside.stored().await.len(), 3);
}

#[tokio::test]
async fn what_was_spooled_first_is_moved_first() {
    let beside = Beside::new().await;
    beside.run("create table arrived (place bigserial, id text)").await;
    beside
        .run(
            "create function arrive() returns trigger language plpgsql as
                $$ begin insert into arrived (id) values (new.id); return new; end $$",
        )
        .await;
    beside.run("create trigger arrive before insert on webhook_event for each row execute function arrive()").await;
    beside.fail().await;
    for event in 0..450 {
        // Within a commit they go by their keys: here, against their order.
        beside.intake.store(delivery(&format!("{:03}", 999 - event))).await.unwrap();
    }
    beside.heal().await;
    beside.start_draining();
    beside.until_waiting(0).await;
    // Batches of two hundred, so none comes before one that is so many places older.
    let jumped = "select count(*) from (select place, row_number() over (order by id) as n from arrived) as e \
        where abs(place - n) > 200";
    assert_eq!((beside.stored().await.len(), beside.number(jumped).await), (450, 0));
}

#[tokio::test]
async fn a_repeat_that_comes_while_the_first_is_moved_is_counted() {
    let beside = Beside::new().await;
    beside.fail().await;
    beside.intake.store(delivery("1")).await.unwrap();
    beside.heal().await;
    let hangs = hang(&beside).await;
    beside.start_draining();
    let waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    eventually("it is being moved", async || beside.number(waits).await == 1).await;
    assert!(beside.intake.store(delivery("1")).await.unwrap().duplicate);
    hangs.rollback().await.unwrap();
    beside.until_waiting(0).await;
    let stored = beside.stored().await;
    assert_eq!((stored.len(), stored[0].deliveries), (1, 2));
}
