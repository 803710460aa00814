//! Tests of `waka site`: what the page names is there, by its contents; what was there before is treated with care.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::Order;
use super::POLICY_FILE;
use super::Policy;
use super::ServerAddress;
use super::SiteError;
use super::naming;
use super::write;
use crate::gateway::pages;
use crate::gateway::pages::PageFile;

/// A folder of this test's own, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("waka-site-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }

    fn order(&self, server: Option<&str>) -> Order {
        Order { out: self.0.clone(), server: server.map(|text| ServerAddress::parse(text).expect("an address")) }
    }

    fn policy(&self) -> Policy {
        serde_json::from_slice(&fs::read(self.0.join(POLICY_FILE)).expect("written")).expect("JSON")
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).expect("written")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn file(path: &str, text: &str) -> PageFile {
    PageFile { path: path.to_owned(), bytes: text.into(), content_type: String::new() }
}

#[test]
fn every_file_is_there_by_a_name_that_tells_its_contents() {
    let folder = Folder::new("names");
    assert_eq!(write(&folder.order(None)).expect("written"), pages::files().len());
    let policy = folder.policy();
    let originals: Vec<String> = pages::files().into_iter().map(|file| file.path).collect();
    assert!(!originals.iter().any(|path| path.starts_with("ops")), "the operator's page is no part of it");
    for (path, serving) in &policy.files {
        assert!(folder.0.join(path).is_file(), "{path}");
        let is_kept = serving.cache_control.contains("immutable");
        assert_eq!(is_kept, !originals.contains(path), "{path}: a name that stays must be asked for again");
    }
    assert_eq!(policy.files["index.html"].content_type, "text/html; charset=utf-8");
    assert_eq!(policy.files["config.js"].cache_control, "no-cache");
    assert!(!policy.files.contains_key(POLICY_FILE));
}

#[test]
fn the_import_map_names_every_script_and_the_policy_lets_only_it_in() {
    let folder = Folder::new("map");
    write(&folder.order(None)).expect("written");
    let index = folder.text("index.html");
    let map = index.split("<script type=\"importmap\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("a map");
    let imports: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(map).expect("JSON");
    let policy = folder.policy();
    for file in pages::files().iter().filter(|file| pages::is_script(&file.path) && file.path != "config.js") {
        let name = imports["imports"][&format!("./{}", file.path)].trim_start_matches("./");
        assert!(policy.files.contains_key(name), "{}", file.path);
        assert_eq!(folder.text(name).as_bytes(), file.bytes, "a script is not changed");
    }
    let image = index.split("property=\"og:image\" content=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an image");
    assert!(policy.files.contains_key(image), "{image}");
    assert!(index.find("importmap") < index.find("modulepreload"), "a map that comes after a module is ignored");
    let hash = naming::named(pages::files(), None).expect("a page").script_hash;
    let csp = &policy.headers["content-security-policy"];
    assert!(csp.contains(&format!("script-src 'self' '{hash}';")) && csp.contains("connect-src 'self';"), "{csp}");
    assert_eq!(policy.headers["x-frame-options"], "DENY");
}

#[test]
fn a_server_of_its_own_is_in_the_configuration_and_in_the_policy() {
    let folder = Folder::new("server");
    write(&folder.order(Some("WSS://Play.example"))).expect("written");
    assert!(folder.text("config.js").contains("export const SERVER = \"wss://play.example\";"));
    let csp = &folder.policy().headers["content-security-policy"];
    assert!(csp.contains("connect-src 'self' wss://play.example https://play.example;"), "{csp}");
}

#[test]
fn nothing_of_the_page_is_asked_for_by_an_absolute_path() {
    for file in pages::files() {
        let text = String::from_utf8_lossy(&file.bytes);
        for start in ["href=\"/", "src=\"/", "url(\"/", "url(/", "from \"/", "import(\"/", "fetch(\"/", "URL(\"/", "content=\"/", "\": \"/"]
        {
            assert!(!text.contains(start), "{}: {start}", file.path);
        }
    }
}

#[test]
fn what_is_not_ours_is_left_alone_and_what_is_ours_is_replaced() {
    let folder = Folder::new("careful");
    fs::create_dir_all(&folder.0).expect("a folder");
    fs::write(folder.0.join("letter.txt"), "dear").expect("a file");
    assert!(matches!(write(&folder.order(None)), Err(SiteError::NotOurs(_))));
    fs::remove_file(folder.0.join("letter.txt")).expect("it was there");

    write(&folder.order(None)).expect("an empty folder will do");
    let mut policy = folder.policy();
    for path in ["old.js", "../outside.js"] {
        policy.files.insert(path.to_owned(), super::Serving { content_type: String::new(), cache_control: String::new() });
    }
    let outside = folder.0.with_file_name("outside.js");
    fs::write(&outside, "").and_then(|()| fs::write(folder.0.join("old.js"), "")).expect("files");
    fs::write(folder.0.join(POLICY_FILE), serde_json::to_vec(&policy).expect("JSON")).expect("a file");
    write(&folder.order(None)).expect("written again");
    assert!(!folder.0.join("old.js").exists() && outside.exists());
    fs::remove_file(outside).expect("it was there");
}

#[test]
fn a_change_reaches_the_names_of_those_that_name_it_and_no_others() {
    let page = |icon: &str| {
        let files = vec![
            file("index.html", "<title>W</title>\n<link href=\"style.css\"><script src=\"main.js\">"),
            file("style.css", "a { background: url(\"icon.svg\") }"),
            file("icon.svg", icon),
            file("app.webmanifest", "{ \"icons\": [{ \"src\": \"icon.svg\" }] }"),
            file("main.js", "import \"./wire.js\""),
            file("wire.js", ""),
        ];
        let named = naming::named(files, None).expect("a page").files;
        named.into_iter().map(|file| file.path).collect::<Vec<_>>()
    };
    let (before, after) = (page("one"), page("two"));
    let changed: Vec<&str> = after.iter().filter(|path| !before.contains(path)).filter_map(|path| path.split('.').next()).collect();
    assert_eq!(changed, ["icon", "style", "app"]);
}

#[test]
fn a_name_that_leads_nowhere_is_told() {
    for (path, text) in [("index.html", "<title>W</title>\n<img src=\"gone.png\">"), ("style.css", "url(\"/icon.svg\")")] {
        let refused = naming::named(vec![file(path, text), file("icon.svg", "")], None);
        assert!(matches!(refused, Err(SiteError::Dangling { .. })), "{path}");
    }
    assert!(matches!(naming::named(vec![file("index.html", "")], None), Err(SiteError::NoTitle)));
}

#[test]
fn a_server_is_a_host_and_nothing_more() {
    for text in ["wss://play.example", "ws://127.0.0.1:8080", "wss://[::1]:1"] {
        assert_eq!(ServerAddress::parse(text).expect("an address").as_str(), text);
    }
    for text in ["", "play.example", "https://play.example", "wss://play.example/ws", "wss://", "wss://a\";alert(1)//", "wss://a b"] {
        assert!(ServerAddress::parse(text).is_none(), "{text}");
    }
}
