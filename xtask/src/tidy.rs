//! `cargo xtask tidy`: the rules of the house that no compiler keeps. Each rule is a plain function from what lies
//! in the working tree to sentences about what is out of order; each is broken once on purpose in its tests.

mod arrows;
mod copies;
mod documents;
mod formats;
mod house;
mod licenses;
mod policies;
mod sizes;
mod words;

use std::process::ExitCode;

use anyhow::Result;

pub(crate) use crate::tidy::house::House;
use crate::workplace::{Workplace, say};

/// One rule: its name, and what is out of order by it.
type Rule = (&'static str, fn(&House) -> Vec<String>);

/// Every rule, in the order in which they complain.
const RULES: &[Rule] = &[
    ("crates know only those below them", arrows::between_crates),
    ("light crates stay light", arrows::light_crates_stay_light),
    ("only permissive licenses", licenses::are_permissive),
    ("no crate is there twice", copies::are_listed),
    ("every format has a file, a sample and a line", formats::are_whole),
    ("every policy is a folder of two files", policies::are_whole),
    ("every document has one title", documents::have_one_title),
    ("no dead path in a document", documents::name_what_exists),
    ("the contents list every page of docs", documents::are_all_listed),
    ("files and functions fit on a screen", sizes::are_small),
    ("nothing is left for later in the code", words::nothing_left_for_later),
    ("no file is named after nothing", words::files_have_names),
    ("only the store speaks SQL", words::only_store_speaks_sql),
    ("every snapshot belongs to a test", words::snapshots_belong_to_tests),
];

/// What a look at the house found.
pub(crate) struct Outcome {
    pub(crate) rules_kept: u32,
    pub(crate) rules_broken: u32,
    sentences: Vec<String>,
}

impl Outcome {
    pub(crate) fn print(&self) {
        for sentence in &self.sentences {
            say(sentence);
        }
    }
}

/// `cargo xtask tidy`
pub(crate) fn run(workplace: &Workplace) -> Result<ExitCode> {
    let outcome = look(workplace)?;
    outcome.print();
    workplace.install_ui_packages()?;
    crate::generate::check(workplace)?;
    say(&format!("{} rules kept, {} broken", outcome.rules_kept, outcome.rules_broken));
    Ok(if outcome.rules_broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Applies every rule to the working tree.
pub(crate) fn look(workplace: &Workplace) -> Result<Outcome> {
    let house = House::at(&workplace.root)?;
    let mut outcome = Outcome { rules_kept: 0, rules_broken: 0, sentences: Vec::new() };
    for (name, rule) in RULES {
        let complaints = rule(&house);
        if complaints.is_empty() {
            outcome.rules_kept += 1;
            continue;
        }
        outcome.rules_broken += 1;
        outcome.sentences.push(format!("{name}:"));
        outcome.sentences.extend(complaints.iter().map(|complaint| format!("    {complaint}")));
    }
    Ok(outcome)
}
