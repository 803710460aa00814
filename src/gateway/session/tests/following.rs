//! Which maze a client is in and the part that he plays there: seats, ends of runs, full mazes, tours.

use super::*;

#[test]
fn a_tour_leads_on_and_who_has_nowhere_to_go_stays() {
    let mut client = Client::greeted();
    let next = r#"{"type":"watch","next":true}"#;
    assert_eq!(client.say(next), [Action::Follow { maze: None, leaving: false }], "it begins with the busiest");
    client.session.arrived(maze("open-1"), None);
    assert_eq!(client.say(next), [Action::Tour]);
    assert_eq!(client.session.toured(None), [told_joined("open-1", true, None, 0)]);
    assert_eq!(client.say(next), [Action::Tour]);
    let on = Action::Follow { maze: Some(maze("open-2")), leaving: false };
    assert_eq!(client.session.toured(Some(maze("open-2"))), [on]);
    assert_eq!(client.session.arrived(maze("open-2"), None), [told_joined("open-2", true, None, 0)]);
    let mut player = Client::seated();
    assert_eq!(player.say(next), [Action::Tour]);
    assert!(player.session.toured(None).contains(&Action::Change { leaving: true }), "as any watch it gives up the seat");
}

#[test]
fn a_seat_is_told_once_it_is_committed_and_again_when_asked() {
    let mut client = Client::seated();
    assert_eq!(client.seating(&[(ME, 3, 13)]), []);
    assert_eq!(client.seating(&[(ME, 5, 14)]), [told_joined("m", false, Some(5), 14)]);
    let run = client.run();
    assert_eq!(client.say(r#"{"type":"join","maze":"m","name":"Pip"}"#), [Action::Change { leaving: false }]);
    assert_eq!(client.run(), run, "the same run");
    assert_eq!(client.seating(&[(ME, 5, 15)]), [told_joined("m", false, Some(5), 15)]);
}

#[test]
fn a_returning_player_finds_his_seat_in_the_seating_at_hand() {
    let mut client = Client::greeted();
    client.say(r#"{"type":"join","maze":"m","name":"Pip"}"#);
    let row = SeatRow { seat: Seat(2), player: ME, name: String::new(), colour: 0, symbol: 0, bot: false, n: 40 };
    let known = Seating { seats: vec![row], ..client.next_seating() };
    assert_eq!(client.session.arrived(maze("m"), Some(&known)), [told_joined("m", false, None, 0), told_joined("m", false, Some(2), 40)]);
}

#[test]
fn a_run_ends_once_and_the_next_has_a_higher_number() {
    let mut client = Client::seated();
    let run = client.run().expect("he plays");
    let over = ToClient::Over { points: 900, level: 2 };
    assert_eq!(client.over(run), [Action::Tell(over.clone()), Action::Change { leaving: false }]);
    assert_eq!(client.run(), None);
    assert_eq!(client.say(r#"{"type":"input","n":20,"dir":"left"}"#), [], "a key that was pressed before he heard");
    assert_eq!(client.say(r#"{"type":"join","name":"Pip"}"#), [Action::Change { leaving: false }, told_joined("m", false, None, 0)]);
    assert!(client.run() > Some(run));
    assert_eq!(client.over(run), [], "the end of the old run is no end of the new one");
}

#[test]
fn a_run_taken_over_from_an_older_connection_ends_too() {
    let mut client = Client::seated();
    let run = client.run().expect("he plays");
    let over = ToClient::Over { points: 900, level: 2 };
    assert_eq!(client.over(run - 500), [Action::Tell(over), Action::Change { leaving: false }]);
}

#[test]
fn a_full_maze_leads_to_its_neighbour_but_not_for_ever() {
    let mut client = Client::joined();
    for number in 0..8 {
        let neighbour = format!("n{number}");
        let actions = client.full(&neighbour);
        assert_eq!(refused(&actions), Some(Refusal::MazeFull));
        assert_eq!(actions[1..], [Action::Follow { maze: Some(maze(&neighbour)), leaving: false }]);
        client.session.arrived(maze(&neighbour), None);
    }
    let actions = client.full("n9");
    assert_eq!(refused(&actions), Some(Refusal::Unavailable));
    assert_eq!(client.run(), None);
}

#[test]
fn what_was_known_on_arrival_is_old_news() {
    let mut client = Client::greeted();
    client.say(r#"{"type":"join","maze":"m","name":"Pip"}"#);
    let full = vec![FullRow { player: ME, neighbour: maze("n") }];
    let known = Seating { full, ..client.next_seating() };
    assert_eq!(client.session.arrived(maze("m"), Some(&known)), [told_joined("m", false, None, 0)]);
    assert_eq!(refused(&client.full("n")), Some(Refusal::MazeFull));
}

#[test]
fn leaving_and_watching_give_up_the_seat() {
    for text in [r#"{"type":"leave"}"#, r#"{"type":"watch"}"#, r#"{"type":"watch","maze":"m"}"#] {
        let mut client = Client::seated();
        assert_eq!(client.say(text), [Action::Change { leaving: true }, told_joined("m", true, None, 0)], "{text}");
        assert_eq!(client.seating(&[(ME, 3, 12)]), [], "still seated there, but he is no player any more");
    }
    let mut client = Client::seated();
    assert_eq!(client.say(r#"{"type":"join","maze":"n","name":"Pip"}"#), [Action::Follow { maze: Some(maze("n")), leaving: true }]);
}
