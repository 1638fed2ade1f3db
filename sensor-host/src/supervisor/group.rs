//! Several sensors on one thread.

use super::blocking::Turn;
use super::{Clock, Opener, Supervisor, Update};

/// Several supervisors, driven in turn on one thread: sensors behind one multiplexer, whose transfers could not overlap anyway, or a
/// few buses. (Many buses are faster with a thread each, or with [`SupervisorAsync`](super::SupervisorAsync) and a task each.)
///
/// ```
/// use mlsensor_host::mux::Muxes;
/// use mlsensor_host::supervisor::{Group, Settings, Supervisor};
/// use mlsensor_sim::{SimBus, SimSensor, Tca9548a};
///
/// let bus = SimBus::new();
/// let mut simulated = Tca9548a::new(0x70);
/// let _sensors = [0, 1].map(|channel| simulated.attach(&bus, channel, SimSensor::new()));
/// bus.attach(simulated);
/// let muxes = Muxes::new(bus, &[0x70])?;
/// let mut group = Group::new();
/// for (name, number) in [("left", 0), ("right", 1)] {
///     let channel = muxes.channel(0x70, number)?;
///     let opener = move || Ok::<_, std::convert::Infallible>(channel.clone());
///     group.add(name, Supervisor::new(opener, Settings::default()));
/// }
/// # Ok::<(), mlsensor_host::mux::NoSuchChannel>(())
/// ```
#[derive(Debug)]
pub struct Group<K, O: Opener, C> {
    members: Vec<(K, Supervisor<O, C>)>,
    /// Who is asked first next time.
    first: usize,
}

impl<K, O: Opener, C> Default for Group<K, O, C> {
    fn default() -> Self {
        Group::new()
    }
}

impl<K, O: Opener, C> Group<K, O, C> {
    /// Nobody.
    #[must_use]
    pub const fn new() -> Self {
        Group { members: Vec::new(), first: 0 }
    }

    /// One more, under a name. All of a group must have the same clock.
    pub fn add(&mut self, name: K, supervisor: Supervisor<O, C>) {
        self.members.push((name, supervisor));
    }

    /// The supervisors with their names, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &(K, Supervisor<O, C>)> {
        self.members.iter()
    }

    /// The same, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut (K, Supervisor<O, C>)> {
        self.members.iter_mut()
    }
}

impl<K, O: Opener, C: Clock> Group<K, O, C> {
    /// Waits until one of them has something to say, and who; `None` if there is nobody. They are asked in turn, so none waits for
    /// more than one action of each other.
    #[allow(clippy::should_implement_trait, reason = "what it gives borrows the group")]
    pub fn next(&mut self) -> Option<(&K, Update)> {
        let (place, update) = loop {
            let count = self.members.len();
            let mut wait = None;
            let mut found = None;
            for place in (self.first..count).chain(0..self.first.min(count)) {
                let Some((_, supervisor)) = self.members.get_mut(place) else { continue };
                match supervisor.turn() {
                    Turn::Update(update) => {
                        found = Some((place, update));
                        break;
                    }
                    Turn::Done => wait = Some(std::time::Duration::ZERO),
                    Turn::Wait(until) => {
                        wait = Some(wait.map_or(until, |wait: std::time::Duration| wait.min(until)))
                    }
                }
            }
            if let Some(found) = found {
                break found;
            }
            // No member: no wait, and nothing to say.
            let until = wait?;
            if let Some((_, supervisor)) = self.members.first() {
                supervisor.clock().wait_until(until);
            }
        };
        self.first = place + 1;
        self.members.get(place).map(|(name, _)| (name, update))
    }
}
