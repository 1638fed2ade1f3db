//! A sensor as far as its cadence goes: when results are published, and whether they differ from the one before. And
//! what becomes of its inferences when a host reads at the times that a `Cadence` asks for.

use std::time::Duration;

use mlsensor::behavior::{Cadence, Freshness, Lock};
use mlsensor::{Bounds, Face, Faces};

/// 39 bytes and the address at 100 kHz, START and STOP.
const BUS_US: u64 = 3_620;

/// Chance of its own (xorshift), so that nothing is shared with what is tested.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..16).for_each(|_| _ = chance.unit());
        chance
    }

    /// 0..1
    pub(crate) fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// How the sensor goes on from some moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) from_s: f64,
    pub(crate) period_ms: f64,
    /// Each interval is uniformly off by up to this part of the period, so that the phase walks at random.
    pub(crate) jitter: f64,
    /// How much the period grows in a minute, as a part of it.
    pub(crate) drift: f64,
    /// How likely a result differs from the one before. 0 is an empty room.
    pub(crate) changes: f64,
    /// The part of all inferences that take half as long again.
    pub(crate) odd: f64,
}

pub(crate) fn steady(period_ms: f64, jitter: f64) -> Stretch {
    Stretch { from_s: 0.0, period_ms, jitter, drift: 0.0, changes: 1.0, odd: 0.0 }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Publication {
    at_us: u64,
    /// A number that stands for the content.
    content: u32,
    someone: bool,
}

/// All publications until `end_s`.
pub(crate) fn publications(stretches: &[Stretch], end_s: f64, seed: u64) -> Vec<Publication> {
    let mut chance = Chance::new(seed);
    let mut at = chance.unit() * stretches[0].period_ms * 1e3;
    let (mut content, mut all) = (0, Vec::new());
    while at < end_s * 1e6 {
        let now = stretches.iter().rev().find(|stretch| stretch.from_s * 1e6 <= at).unwrap_or(&stretches[0]);
        if chance.unit() < now.changes {
            content += 1;
        }
        all.push(Publication { at_us: at as u64, content, someone: now.changes > 0.0 });
        let grown = 1.0 + now.drift * (at / 1e6 - now.from_s) / 60.0;
        let is_odd = now.odd > 0.0 && chance.unit() < now.odd;
        let off = if is_odd { 0.5 } else { now.jitter * (2.0 * chance.unit() - 1.0) };
        at += now.period_ms * 1e3 * grown * (1.0 + off);
    }
    all
}

/// Faces that stand for a content: one after the other, they differ.
fn faces(content: u32) -> Faces {
    if content == 0 {
        return Faces::EMPTY;
    }
    let bounds = Bounds::new((content % 200) as u8, (content / 200 % 200) as u8, 255, 255).unwrap();
    Faces::new(&[Face::new(bounds, 90, None, true).unwrap()]).unwrap()
}

/// A host that is ready up to 0.2 ms late.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Host {
    /// It has the presence pin.
    pub(crate) pin: bool,
    /// The part of its reads that fail.
    pub(crate) fails: f64,
    /// The part of its reads that start up to 100 ms late.
    pub(crate) late: f64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Read {
    pub(crate) at_us: u64,
    /// The place of the newest publication; `None` before the first, and if the read fails.
    sees: Option<usize>,
    pub(crate) freshness: Freshness,
    pub(crate) lock: Lock,
    pub(crate) period: Option<Duration>,
}

/// A cadence that has read this sensor until the last publication.
pub(crate) fn cadence_after(all: &[Publication], host: Host, seed: u64) -> Cadence {
    let mut cadence = Cadence::default();
    run_with(&mut cadence, all, host, seed);
    cadence
}

/// Lets a fresh cadence read this sensor until the last publication.
pub(crate) fn run(all: &[Publication], host: Host, seed: u64) -> Vec<Read> {
    run_with(&mut Cadence::default(), all, host, seed)
}

fn run_with(cadence: &mut Cadence, all: &[Publication], host: Host, seed: u64) -> Vec<Read> {
    let mut chance = Chance::new(seed ^ 0xABCD);
    let (mut free, mut newest, mut reads) = (0, 0, Vec::new());
    loop {
        let mut at = (cadence.next_read().as_micros() as u64).max(free);
        at += (chance.unit() * 200.0) as u64;
        if chance.unit() < host.late {
            at += (chance.unit() * 100_000.0) as u64;
        }
        let is_edge = |place: usize| {
            let was = place.checked_sub(1).is_some_and(|before| all[before].someone);
            host.pin && all[place].someone != was
        };
        let mut edge = None;
        while edge.is_none() && newest < all.len() && all[newest].at_us <= at {
            edge = is_edge(newest).then_some(all[newest].at_us.max(free));
            newest += 1;
        }
        if let Some(edge) = edge {
            cadence.pin_changed(Duration::from_micros(edge));
            continue;
        }
        if newest == all.len() {
            return reads;
        }
        let sees = newest.checked_sub(1).filter(|_| chance.unit() >= host.fails);
        let failed = sees.is_none() && newest > 0;
        let reading = faces(sees.map_or(0, |place| all[place].content));
        let freshness = cadence.read_done(Duration::from_micros(at), (!failed).then_some(&reading));
        let (lock, period) = (cadence.lock(), cadence.period());
        reads.push(Read { at_us: at, sees, freshness, lock, period });
        free = at + BUS_US;
    }
}

/// What became of the inferences that were published in some time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) runs: usize,
    pub(crate) inferences: usize,
    pub(crate) reads: usize,
    pub(crate) missed: usize,
    seen: usize,
    age_ms: f64,
    /// Of the worst run.
    pub(crate) worst_mean_age_ms: f64,
    pub(crate) worst_reads: f64,
    pub(crate) fresh: usize,
}

impl Figures {
    pub(crate) fn mean_age_ms(&self) -> f64 {
        self.age_ms / self.seen as f64
    }

    pub(crate) fn reads_per_inference(&self) -> f64 {
        self.reads as f64 / self.inferences as f64
    }

    pub(crate) fn add(&mut self, all: &[Publication], reads: &[Read], from_s: f64, to_s: f64) {
        let within = |at: u64| (from_s * 1e6..to_s * 1e6).contains(&(at as f64));
        let mut first: Vec<Option<u64>> = vec![None; all.len()];
        for read in reads {
            if let Some(place) = read.sees {
                first[place] = first[place].or(Some(read.at_us));
            }
        }
        let mut run = Figures::default();
        // With the last publication the run ends: nobody reads it.
        for (publication, first) in all.iter().zip(&first).take(all.len() - 1) {
            if within(publication.at_us) {
                run.inferences += 1;
                run.missed += usize::from(first.is_none());
                run.seen += usize::from(first.is_some());
                run.age_ms += first.map_or(0.0, |at| (at - publication.at_us) as f64 / 1e3);
            }
        }
        let counted = reads.iter().filter(|read| within(read.at_us));
        self.reads += counted.clone().count();
        self.fresh += counted.clone().filter(|read| read.freshness.is_fresh()).count();
        run.reads = counted.count();
        self.worst_mean_age_ms = self.worst_mean_age_ms.max(run.mean_age_ms());
        self.worst_reads = self.worst_reads.max(run.reads_per_inference());
        self.runs += 1;
        self.inferences += run.inferences;
        self.missed += run.missed;
        self.seen += run.seen;
        self.age_ms += run.age_ms;
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (age, reads) = (self.mean_age_ms(), self.reads_per_inference());
        let (worst_age, worst_reads) = (self.worst_mean_age_ms, self.worst_reads);
        let (missed, of) = (self.missed, self.inferences);
        write!(
            f,
            "age {age:5.1} ms (worst run {worst_age:5.1}), reads {reads:.2} ({worst_reads:.2}), missed {missed} of {of}"
        )
    }
}

/// The figures of as many runs, each with its own chance.
pub(crate) fn measure(
    stretches: &[Stretch],
    (from_s, to_s): (f64, f64),
    host: Host,
    seeds: std::ops::Range<u64>,
) -> Figures {
    let mut figures = Figures::default();
    for seed in seeds {
        let all = publications(stretches, to_s, seed);
        figures.add(&all, &run(&all, host, seed), from_s, to_s);
    }
    figures
}
