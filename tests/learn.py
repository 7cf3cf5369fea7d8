"""`python -m tests.learn` in a copy of the program: mutmut breaks it, and runs all tests once.

It is what `mutmut run` does before it judges, which `tests.forked` does in its place.
"""

import sys
from pathlib import Path

from mutmut.__main__ import collect_or_load_stats, create_mutants, store_lines_covered_by_tests
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, setup_source_paths
from mutmut.workers.isolation import get_mutant_runner


def main() -> None:
    sys.modules.pop("tests")  # this folder's: those of the copy within it are wanted
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    setup_source_paths()
    store_lines_covered_by_tests()
    create_mutants(1)
    collect_or_load_stats(get_mutant_runner(1), apply_config_invalidation=True)


if __name__ == "__main__":
    main()
