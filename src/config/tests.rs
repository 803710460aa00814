//! Tests of the options: everything that is wrong is told at once, and no secret is repeated.

use std::ffi::OsString;

use super::Config;
use super::Invocation;
use super::OPTIONS;
use super::Problems;
use super::help;
use super::options_in_markdown;
use super::parse;

fn read(arguments: &[&str], environment: &[(&str, &str)]) -> Result<Invocation, Problems> {
    let lookup = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
    parse(arguments.iter().map(OsString::from), lookup)
}

fn serve(arguments: &[&str], environment: &[(&str, &str)]) -> Config {
    match read(arguments, environment) {
        Ok(Invocation::Serve(config)) => *config,
        other => panic!("{other:?}"),
    }
}

fn problems(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    read(arguments, environment).expect_err("it is wrong").to_string()
}

#[test]
fn without_options_it_serves_one_process_on_8080() {
    let config = serve(&[], &[]);
    assert_eq!((config.listen.to_string().as_str(), config.bots), ("127.0.0.1:8080", 0));
    assert!(config.secret.is_none() && config.static_dir.is_none());
    serve(&["serve"], &[]);
}

#[test]
fn an_argument_wins_over_the_environment_and_empty_is_none() {
    assert_eq!(serve(&[], &[("WAKA_BOTS", "3"), ("WAKA_SECRET", ""), ("WAKA_REDIS_URL", "")]).bots, 3);
    assert_eq!(serve(&["--bots", "5"], &[("WAKA_BOTS", "3")]).bots, 5);
    assert_eq!(serve(&["--bots=0"], &[("WAKA_BOTS", "3")]).bots, 0);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let text = problems(
        &["serv", "--listen", "here", "--bots", "16", "--log=xml", "--frobnicate", "--role", "worker", "--secret"],
        &[("WAKA_TRUSTED_PROXIES", "10.0.0.0/33"), ("WAKA_ALLOWED_ORIGINS", "play.example"), ("WAKA_STATIC_DIR", "/no/such/folder")],
    );
    let told = [
        "a word is neither",
        "--listen: ",
        "--bots: ",
        "--log: ",
        "--frobnicate: ",
        "--role: ",
        "--secret: needs",
        "WAKA_TRUSTED_PROXIES: ",
        "WAKA_ALLOWED_ORIGINS: ",
        "WAKA_STATIC_DIR: ",
    ];
    for part in told {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert_eq!(text.lines().count(), told.len() + 1, "{text}");
}

#[test]
fn no_message_repeats_a_secret() {
    let text = problems(
        &[
            "--redis",
            "redis://:hunter2@host",
            "--rediss",
            "redis://:hunter2@host",
            "--rediss=redis://:hunter2@host",
            "--secret=hunter2",
            "--ops-token=hunter2",
            "-shunter2",
        ],
        &[("WAKA_REDIS_URL", "redis://:hunter2@host"), ("WAKA_SECRET", "hunter2"), ("WAKA_OPS_TOKEN", "hunter2")],
    );
    assert!(!text.contains("hunter2"), "{text}");
    let config = serve(&["--secret", "hunter2hunter2hunter2", "--ops-token", "hunter2hunter2hunter2"], &[]);
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn lists_are_split_at_commas() {
    let config = serve(&["--trusted-proxies", "10.0.0.0/8, ::1", "--allowed-origins", "https://a.example,http://b.example:81"], &[]);
    assert_eq!((config.trusted_proxies.len(), config.allowed_origins.len()), (2, 2));
}

#[test]
fn the_log_goes_to_cloudwatch_if_the_program_can() {
    if cfg!(feature = "cloudwatch") {
        let config = serve(&["--service", "arcade"], &[("WAKA_CLOUDWATCH_GROUP", "/waka/log")]);
        assert_eq!((config.cloudwatch_group.as_deref(), config.emf, config.service.as_str()), (Some("/waka/log"), None, "arcade"));
        assert!(problems(&["--cloudwatch-group", "a group", "--emf", "yes", "--service", "a b"], &[]).lines().count() == 4);
    } else {
        assert!(problems(&["--cloudwatch-group", "group"], &[]).contains("built without it"));
    }
}

#[test]
fn an_option_given_twice_is_wrong() {
    assert!(problems(&["--bots", "1", "--bots", "2"], &[]).contains("--bots: is given twice"));
}

#[test]
fn help_and_version_win_over_problems() {
    assert!(matches!(read(&["--bots", "99", "--help"], &[]), Ok(Invocation::Help)));
    assert!(matches!(read(&["-V"], &[("WAKA_BOTS", "x")]), Ok(Invocation::Version)));
    assert!(matches!(read(&["--help=me"], &[]), Err(_) | Ok(Invocation::Help)));
}

#[test]
fn health_asks_the_address_that_it_listens_at() {
    match read(&["health"], &[("WAKA_LISTEN", "0.0.0.0:81")]) {
        Ok(Invocation::Health(address)) => assert_eq!(address.port(), 81),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_site_is_ordered_with_its_folder_and_its_server() {
    match read(&["site", "--out", "page", "--server=wss://Play.example"], &[]) {
        Ok(Invocation::Site(order)) => {
            assert_eq!(order.out.to_str(), Some("page"));
            assert_eq!(order.server.expect("given").as_str(), "wss://play.example");
        }
        other => panic!("{other:?}"),
    }
    let text = problems(&["site", "--out", "page", "--server", "play.example", "--colour=red"], &[]);
    assert!(text.contains("--server: ") && text.contains("--colour: "), "{text}");
    assert!(problems(&["site"], &[]).contains("--out") && problems(&["site", "--out"], &[]).contains("--out: needs"));
    assert!(problems(&["site", "--out", "page", "--all"], &[]).contains("--all: is of another command"));
}

#[test]
fn a_swarm_is_ordered_with_addresses_and_budgets() {
    match read(
        &["swarm", "--url", "ws://a:1/ws", "--url=ws://b:1/ws", "--players", "1000", "--budget", "closes=0", "--budget=gap-p99=1s"],
        &[],
    ) {
        Ok(Invocation::Swarm(order, None)) => {
            assert_eq!((order.urls.len(), order.players, order.seconds, order.budgets.len()), (2, 1000, 30, 2));
        }
        other => panic!("{other:?}"),
    }
    let text = problems(
        &["swarm", "--players=0", "--style", "badly", "--budget", "speed=3", "--per-maze=17", "--seconds", "1", "--seconds", "1"],
        &[],
    );
    for told in ["--players: ", "--style: ", "--budget: `speed`", "--per-maze: ", "--seconds: is given twice", "swarm: needs --url"] {
        assert!(text.contains(told), "{told} is missing in\n{text}");
    }
    let text = problems(&["swarm", "--url", "ws://a:1/ws", "--players", "3", "--metronomes", "4"], &[]);
    assert!(text.contains("swarm: --metronomes 4 are of the --players, who are only 3"), "{text}");
    assert!(problems(&["serve", "--players", "3"], &[]).contains("--players: is of another command"));
}

#[test]
fn help_and_readme_tell_every_option() {
    for option in &OPTIONS {
        assert!(help().contains(&format!("--{} {}", option.name, option.value)) && help().contains(option.variable), "{}", option.name);
        assert!(options_in_markdown().contains(&format!("| `--{}` | `{}` |", option.name, option.variable)));
    }
}
