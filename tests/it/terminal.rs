//! Commands on a terminal.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    process::{Child, Command},
    sync::{Arc, Mutex},
    thread,
};

use rustix::{
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};
use tokio::task::spawn_blocking;

use crate::support::{Promograph, TestDatabase, eventually, note, on_both};

/// How wide the terminals are: less than a long line of progress takes.
const COLUMNS: u16 = 60;

/// A command with a terminal of its own.
struct Terminal {
    keyboard: File,
    screen: Arc<Mutex<String>>,
    child: Child,
}

impl Terminal {
    /// Whether there can be one here; where not, that is told at the end.
    fn is_possible() -> bool {
        let opened = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY);
        if let Err(error) = &opened {
            note::left_out(&format!("a terminal needs /dev/pts ({error})"));
        }
        opened.is_ok()
    }

    fn run(mut command: Command) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        let narrow = Winsize { ws_row: 24, ws_col: COLUMNS, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&slave, narrow).unwrap();
        command.stdin(slave.try_clone().unwrap()).stdout(slave.try_clone().unwrap()).stderr(slave);
        let child = command.spawn().unwrap();
        // It holds the other ends.
        drop(command);
        let (keyboard, screen) = (File::from(master), Arc::<Mutex<String>>::default());
        let (mut reader, written) = (keyboard.try_clone().unwrap(), Arc::clone(&screen));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                *written.lock().unwrap() += &String::from_utf8_lossy(&bytes[..count]);
            }
        });
        Self { keyboard, screen, child }
    }

    fn screen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    async fn shows(&self, text: &str) {
        eventually(text, async || self.screen().contains(text)).await;
    }

    fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Its exit code.
    async fn ends(mut self) -> Option<i32> {
        spawn_blocking(move || self.child.wait().unwrap().code()).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_undoes_migrations_is_asked_on_a_terminal() {
    if !Terminal::is_possible() {
        return;
    }
    on_both(async |test: TestDatabase| {
        let promograph = Promograph::on(&test);
        promograph.prints(&["demo", "--promoters", "2", "--leads", "3"]).await;
        for (answer, code, left) in [("\n", 1, "applied"), ("y\n", 1, "applied"), ("yes\n", 0, "missing")] {
            let mut terminal = Terminal::run(promograph.command(&["migrate", "down", "--steps", "99"]));
            terminal.shows("Type yes to go on: ").await;
            let screen = terminal.screen();
            assert!(screen.contains("\n  lead (3 rows)\r\n") && screen.contains("webhook_event ("), "{screen}");
            terminal.types(answer);
            assert_eq!(terminal.ends().await, Some(code), "{answer:?}");
            let steps = String::from_utf8(promograph.run(&["migrate", "status"]).await.stdout).unwrap();
            assert!(steps.lines().all(|line| line.starts_with(left)), "{answer:?}: {steps}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_question_undoes_nothing_and_leaves_nothing() {
    if !Terminal::is_possible() {
        return;
    }
    let promograph = Promograph::new();
    promograph.prints(&["migrate", "up"]).await;
    let terminal = Terminal::run(promograph.command(&["migrate", "down"]));
    terminal.shows("Type yes to go on: ").await;
    kill_process(Pid::from_child(&terminal.child), Signal::INT).unwrap();
    terminal.shows("nothing was undone").await;
    assert_eq!(terminal.ends().await, Some(1));
    assert!(!promograph.data_dir().join("promograph.db.lock").exists());
    assert!(!promograph.prints(&["migrate", "status"]).await.contains("missing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_demo_leaves_a_clean_line_and_says_how_to_go_on() {
    if !Terminal::is_possible() {
        return;
    }
    let promograph = Promograph::new().with("TERM", "xterm");
    let terminal = Terminal::run(promograph.command(&["demo", "--leads", "1000000"]));
    terminal.shows("/1,000,000 leads").await;
    kill_process(Pid::from_child(&terminal.child), Signal::INT).unwrap();
    terminal.shows("the same command again goes on where it was").await;
    let screen = terminal.screen();
    let last = screen.trim_end().rsplit(['\r', '\n']).next().unwrap().trim_start_matches("\u{1b}[2K");
    assert_eq!(last, "promograph: interrupted; the same command again goes on where it was", "{screen:?}");
    assert!(screen.ends_with("\r\n") && !screen.contains("0s left"), "{screen:?}");
    assert_eq!(terminal.ends().await, Some(130));
}

#[tokio::test(flavor = "multi_thread")]
async fn colours_and_bars_are_only_where_they_are_wanted_and_can_be_shown() {
    if !Terminal::is_possible() {
        return;
    }
    let unknown = |promograph: Promograph| promograph.with("PROMOGRAPH_LISTN", "x");
    for (promograph, has_colours) in [
        (Promograph::new().with("TERM", "xterm"), true),
        (Promograph::new().with("TERM", "xterm").with("NO_COLOR", "1"), false),
        (Promograph::new().with("TERM", "xterm").with("NO_COLOR", ""), true),
        (Promograph::new().with("TERM", "dumb"), false),
    ] {
        let promograph = unknown(promograph);
        let terminal = Terminal::run(promograph.command(&["demo", "--promoters", "2", "--leads", "3"]));
        terminal.shows("token issue --role admin").await;
        let screen = terminal.screen();
        // Yellow, as warnings are.
        assert_eq!(screen.contains("\u{1b}[33m"), has_colours, "{screen:?}");
        assert_eq!(terminal.ends().await, Some(0));
    }
    let dumb = Promograph::new().with("TERM", "dumb");
    let terminal = Terminal::run(dumb.command(&["demo", "--promoters", "2", "--leads", "3"]));
    terminal.shows("token issue --role admin").await;
    assert!(!terminal.screen().contains('\u{1b}'), "{:?}", terminal.screen());
    assert_eq!(terminal.ends().await, Some(0));
}
