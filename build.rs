//! Builds the pages in `web/` with Node and lists their files for `src/http/web.rs`.
//!
//! Never fails the build: without Node (or with `PROMOGRAPH_SKIP_WEB=1`) the pages that are embedded
//! say what is missing. Runs again only when a source of `web/` changes. Several builds at once
//! share `web/node_modules` behind a file lock; what they make goes to their own `OUT_DIR`.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs::{self, File},
    hash::{DefaultHasher, Hasher as _},
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Everything that the built page depends on. Not `web` as a whole: `node_modules` changes by building.
const SOURCES: [&str; 7] =
    ["index.html", "graphiql.html", "package.json", "package-lock.json", "src", "tsconfig.json", "vite.config.ts"];
/// As vite has it, and as README.md, scripts/test and the packages say.
const OLDEST_NODE: (u32, u32) = (20, 19);
const MISSING_PAGE: &str = include_str!("src/http/web/missing.html");
const SKIP: &str = "PROMOGRAPH_SKIP_WEB";

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/http/web/missing.html");
    println!("cargo::rerun-if-env-changed={SKIP}");
    for source in SOURCES {
        println!("cargo::rerun-if-changed=web/{source}");
    }
    let web = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("web");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let built = out.join("web");
    if let Err(reason) = build(&web, &built) {
        let reason = reason.to_string();
        println!(
            "cargo::warning=The dashboard and GraphiQL are left out of this build: {}",
            reason.lines().next().unwrap_or_default()
        );
        if built.exists() {
            fs::remove_dir_all(&built)?;
        }
        fs::create_dir_all(&built)?;
        for page in ["index.html", "graphiql.html"] {
            fs::write(built.join(page), MISSING_PAGE.replace("{reason}", &escape(&reason)))?;
        }
    }
    fs::write(out.join("web_assets.rs"), table(&built)?)?;
    Ok(())
}

/// Installs the packages if that is due, and builds the page into `built`.
fn build(web: &Path, built: &Path) -> Result<()> {
    if env::var_os(SKIP).is_some_and(|value| value != "0" && !value.is_empty()) {
        return Err(format!("{SKIP} was set when this program was built.").into());
    }
    let version = run(Command::new("node").arg("--version"))?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else {
        return Err(format!("`node --version` says {:?}, which is no version.", version.trim()).into());
    };
    if (major, minor) < OLDEST_NODE {
        let (major, minor) = OLDEST_NODE;
        return Err(format!("Node.js {major}.{minor} or newer is needed, and this is {}.", version.trim()).into());
    }
    // Held until the page is built: another build's `npm ci` would take the packages away under it.
    let lock = File::create(web.join(".build.lock"))?;
    lock.lock()?;
    install(web)?;
    let vite = web.join("node_modules/vite/bin/vite.js");
    run(Command::new("node")
        .arg(vite)
        .args(["build", "--emptyOutDir", "--logLevel", "warn", "--outDir"])
        .arg(built)
        .current_dir(web))?;
    Ok(())
}

/// `npm ci`, unless the packages that are there were installed from this very lock file.
fn install(web: &Path) -> Result<()> {
    let wanted = fs::read(web.join("package-lock.json"))?;
    let stamp = web.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run(Command::new(npm)
        .args(["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        // Without a network this has to end soon, not after npm's usual minutes of trying.
        .args(["--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--no-update-notifier"])
        .current_dir(web))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Runs a program to its end and gives its output, or says in the error what it said.
fn run(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.env("NO_COLOR", "1").output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("The program `{name}` was not found when this program was built."),
        _ => format!("The program `{name}` could not be started: {error}"),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    let said: String = said.trim().chars().take(4000).collect();
    let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    Err(format!("`{name} {}` failed with {}.\n{said}", args.join(" "), output.status).into())
}

/// The files below `built` as a Rust expression: a slice of `Asset`, ordered by path.
fn table(built: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(built, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let path = file.strip_prefix(built)?.to_string_lossy().replace('\\', "/");
        let (path, gzip) = path.strip_suffix(".gz").map_or((path.as_str(), false), |path| (path, true));
        let mut hasher = DefaultHasher::new();
        hasher.write(&fs::read(&file)?);
        let etag = format!("\"{:016x}\"", hasher.finish());
        writeln!(
            table,
            "    Asset {{ path: {path:?}, gzip: {gzip}, etag: {etag:?}, bytes: include_bytes!({:?}) }},",
            file.display().to_string()
        )?;
    }
    table.push(']');
    Ok(table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
