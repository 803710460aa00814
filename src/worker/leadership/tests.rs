//! Leadership in simulated time: workers, a store within the process, a gateway, and every fault that the rules are for.
//!
//! The seeded runs hold R1, R2 and the lineage of what players see, and that exactly one leader is left within bounded time; a failure names
//! its seed. The scripted ones below each hold one rule by name.

mod cluster;
mod lineage;
mod scripted;

use cluster::Cluster;
use cluster::Trouble;

const SEEDS: u64 = 60;
const TROUBLE_MS: u64 = 20_000;
const QUIET_MS: u64 = 12_000;

fn run(trouble: &Trouble) {
    for seed in 1..=SEEDS {
        let mut cluster = Cluster::new(3, seed);
        cluster.run(TROUBLE_MS, trouble);
        cluster.run(QUIET_MS, &Trouble::NONE);
        cluster.assert_healed();
    }
}

#[test]
fn without_a_fault_of_the_store_players_see_one_history_r1_r2() {
    run(&Trouble { store_faults: 0, ..Trouble::ALL });
}

#[test]
fn with_faults_of_the_store_too_each_epoch_has_one_world_and_a_leader_is_left_r1_r2() {
    run(&Trouble::ALL);
}

#[test]
fn a_quiet_cluster_changes_hands_at_most_to_the_best_ranked() {
    for seed in 1..=20 {
        let mut cluster = Cluster::new(3, seed);
        cluster.run(30_000, &Trouble::NONE);
        cluster.assert_healed();
        assert!(cluster.claims_granted <= 2, "seed {seed}: {} claims in a quiet cluster", cluster.claims_granted);
    }
}
