//! What mirrors of one maze have worked out, so that ten players who are sent the same bytes need not all do it. Pure.
//!
//! A picture follows from the one before it and a frame's bytes, and a drawn scene from a picture and a tick. So whoever has the same picture and gets the
//! same bytes has the same picture again, whoever he is and whatever maze it is: nobody is shown what his own frames have not told. Mirrors that come to
//! the same picture in different ways, as newcomers do, share it from then on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::client::mirror::Picture;
use crate::game::scene::Scene;

/// Steps that are remembered: players of a maze are a frame or two apart.
const STEPS_MAX: usize = 4;

#[derive(Clone, Debug, Default)]
pub struct Gallery(Arc<Mutex<Works>>);

#[derive(Debug, Default)]
struct Works {
    /// Newest first.
    steps: VecDeque<Step>,
    drawn: Option<(Arc<Picture>, Arc<Scene>)>,
}

#[derive(Debug)]
struct Step {
    before: Option<Arc<Picture>>,
    bytes: Box<[u8]>,
    after: Arc<Picture>,
}

impl Gallery {
    /// What a frame that was newer has made of this picture, if that is known.
    pub(super) fn after(&self, before: Option<&Arc<Picture>>, bytes: &[u8]) -> Option<Arc<Picture>> {
        let works = self.works();
        let step = works.steps.iter().find(|step| is_same(step.before.as_ref(), before) && *step.bytes == *bytes)?;
        Some(Arc::clone(&step.after))
    }

    /// Remembers a step, and answers with the picture to have: an equal one if there is one already.
    pub(super) fn hang(&self, before: Option<&Arc<Picture>>, bytes: &[u8], after: &Arc<Picture>) -> Arc<Picture> {
        let mut works = self.works();
        let after = Arc::clone(works.steps.iter().map(|step| &step.after).find(|known| *known == after).unwrap_or(after));
        works.steps.truncate(STEPS_MAX - 1);
        works.steps.push_front(Step { before: before.cloned(), bytes: bytes.into(), after: Arc::clone(&after) });
        after
    }

    /// The scene that somebody has moved on furthest from this picture, if not beyond `tick`.
    pub(super) fn drawn(&self, picture: &Arc<Picture>, tick: u32) -> Option<Arc<Scene>> {
        let works = self.works();
        let (of, scene) = works.drawn.as_ref()?;
        (Arc::ptr_eq(of, picture) && scene.tick <= tick).then(|| Arc::clone(scene))
    }

    pub(super) fn draw(&self, picture: &Arc<Picture>, scene: &Arc<Scene>) {
        self.works().drawn = Some((Arc::clone(picture), Arc::clone(scene)));
    }

    /// Nothing in here panics half way, so what is there is whole.
    fn works(&self) -> MutexGuard<'_, Works> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_same(one: Option<&Arc<Picture>>, other: Option<&Arc<Picture>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}
