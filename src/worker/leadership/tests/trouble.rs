//! What befalls the simulated cluster, and how often. Each kind is for some of the rules; the rest stays as quiet as it may.

/// Chances of a thousand, each step and worker or each message.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) lost: u32,
    pub(super) late: u32,
    pub(super) late_ms_max: u32,
    pub(super) freezes: u32,
    pub(super) freeze_ms_max: u32,
    pub(super) crashes: u32,
    /// For up to two seconds nothing arrives at the store, and nothing from it.
    pub(super) outages: u32,
    pub(super) store_faults: u32,
    /// What was under way to a store arrives after it has been emptied, as behind a proxy; else it dies with its connection.
    pub(super) survives: bool,
    /// Answers come within the grace, so that a leader which lives brings back what the store has lost.
    pub(super) timely: bool,
}

impl Trouble {
    pub(super) const NONE: Self = Self {
        lost: 0,
        late: 0,
        late_ms_max: 900,
        freezes: 0,
        freeze_ms_max: 3_000,
        crashes: 0,
        outages: 0,
        store_faults: 0,
        survives: false,
        timely: false,
    };
    /// Everything but the store.
    pub(super) const NETWORK: Self = Self { lost: 60, late: 120, freezes: 4, crashes: 2, outages: 1, ..Self::NONE };
    pub(super) const ALL: Self = Self { store_faults: 1, ..Self::NETWORK };
    /// Above all the store.
    pub(super) const STORE: Self = Self {
        lost: 10,
        late: 60,
        late_ms_max: 300,
        freezes: 1,
        freeze_ms_max: 1_500,
        crashes: 1,
        store_faults: 3,
        survives: true,
        timely: true,
        ..Self::NONE
    };
    /// Workers are gone for as long as others take to settle, and come back.
    pub(super) const ZOMBIES: Self = Self { lost: 5, freezes: 2, freeze_ms_max: 12_000, store_faults: 1, ..Self::NONE };
}
