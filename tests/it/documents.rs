//! README says what the code does: its table of options is the one that `--help` is printed from.

use std::fs;

use crate::source;

#[test]
fn readme_has_the_table_of_options() {
    let readme = fs::read_to_string(source::root().join("README.md")).unwrap();
    let table = waka::config::options_in_markdown();
    assert!(readme.contains(&table), "README.md lacks this table:\n{table}");
}

#[test]
fn what_readme_shows_is_there() {
    let readme = fs::read_to_string(source::root().join("README.md")).unwrap();
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).filter(|link| !link.starts_with('#'));
    let missing: Vec<&str> = links.filter(|link| !link.contains("://") && !source::root().join(link).exists()).collect();
    assert!(missing.is_empty(), "README.md links to {missing:?}");
}
