# ruff: noqa: E501 - the lines that the command prints are written out as they are printed
"""What `reportgen check` says: a line for each mistake, with its place and what to do.

A case is a change of a good report, and all that is then printed but for the last line. An editor
makes one mistake, and is told one.
"""

from __future__ import annotations

import errno
import json
import os
import time
from pathlib import Path, PurePosixPath

import pytest

from reportgen.project import Project
from tests.conftest import Edit, Workspace, encoded

REPORT = "content/report.yaml"
PILLARS = "content/pillars.yaml"
REGIONS = "content/regions.yaml"
MEMBERS = "content/members.yaml"
LINKS = "content/links.yaml"
NEW_ZEALAND = "content/commitments/new-zealand.yaml"
SWITZERLAND = "content/commitments/switzerland.yaml"
SECTION = "content/sections/introduction.md"
BY_YEAR = "content/figures/by-year.yaml"
FIGURE = "content/figures/clean-rivers.yaml"
MAP = "content/figures/map.yaml"
TABLE = "content/figures/clean-rivers.csv"

Case = tuple[str, str, Edit, *tuple[str, ...]]
"""A name, the file and its change, and the lines that are printed."""

KEYS_AND_VALUES: list[Case] = [
    (
        "unknown key",
        REPORT,
        ("keywords:", "keyword:"),
        "content/report.yaml:7:1: error[unknown-key]: the key 'keyword' is not known here; did you mean 'keywords'?",
    ),
    (
        "unknown key that is no misspelling",
        SWITZERLAND,
        ("    year: 2022", "    year: 2022\n    colour: blue"),
        "content/commitments/switzerland.yaml:5:5: error[unknown-key]: the key 'colour' is not known here; the keys are id, pillar, summary, title, year",
    ),
    (
        "misspelt key that is needed: one mistake, one message",
        SWITZERLAND,
        ("    summary: Let", "    sumary: Let"),
        "content/commitments/switzerland.yaml:12:5: error[unknown-key]: the key 'sumary' is not known here; did you mean 'summary'?",
    ),
    (
        "unknown key in an entry of links",
        LINKS,
        ("    status: original", "    status: original\n    titel: Network"),
        "content/links.yaml:7:5: error[unknown-key]: the key 'titel' is not known here; the keys are note, status, url",
    ),
    (
        "unknown key in a list",
        REPORT,
        ("  - name: A. Writer", "  - name: A. Writer\n    rôle: Editor"),
        "content/report.yaml:10:5: error[unknown-key]: the key 'rôle' is not known here; did you mean 'role'?",
    ),
    (
        "unknown key in front matter",
        SECTION,
        ("title: Introduction", "title: Introduction\neditor: true"),
        "content/sections/introduction.md:3:1: error[unknown-key]: the key 'editor' is not known here; did you mean 'editorial'?",
    ),
    (
        "unknown key in a figure",
        FIGURE,
        ("unit: percent", "units: percent"),
        "content/figures/clean-rivers.yaml:5:1: error[unknown-key]: the key 'units' is not known here; did you mean 'unit'?",
    ),
    (
        "unknown key that is a number",
        LINKS,
        ("    status:", "    2024: x\n    status:"),
        "content/links.yaml:6:5: error[unknown-key]: the key '2024' is not known here; the keys are note, status, url",
    ),
    (
        "unknown key that is null",
        LINKS,
        ("    status:", "    ~: x\n    status:"),
        "content/links.yaml:6:5: error[unknown-key]: the key '~' is not known here; the keys are note, status, url",
    ),
    (
        "unknown key that is empty",
        REPORT,
        ("keywords:", ": x\nkeywords:"),
        "content/report.yaml:7:1: error[invalid-yaml]: this is not valid YAML (did not find expected key, while parsing a block mapping that begins in line 2); check the indentation, and quote a text that holds ': ' or starts with a special sign",
    ),
    (
        "missing key",
        REPORT,
        ("slug: clear-rivers\n", ""),
        "content/report.yaml:2:1: error[missing-key]: the key 'slug' is missing; add 'slug: …' to this entry",
    ),
    (
        "missing key of an entry",
        MEMBERS,
        ("  code: CH\n", ""),
        "content/members.yaml:14:3: error[missing-key]: the key 'code' is missing; add 'code: …' to this entry",
    ),
    (
        "missing key of a record",
        SWITZERLAND,
        ("    year: 2022\n", ""),
        "content/commitments/switzerland.yaml:3:5: error[missing-key]: the key 'year' is missing; add 'year: …' to this entry",
    ),
    (
        "missing key of front matter",
        SECTION,
        ("title: Introduction", "editorial: false"),
        "content/sections/introduction.md:2:1: error[missing-key]: the key 'title' is missing; add 'title: …' to this entry",
    ),
    (
        "text where a number belongs",
        SWITZERLAND,
        ("year: 2022", 'year: "2022"'),
        "content/commitments/switzerland.yaml:4:11: error[wrong-type]: 'year' is not a whole number but '2022'; write digits only, without quotation marks",
    ),
    (
        "number with a point where a whole one belongs",
        SWITZERLAND,
        ("year: 2022", "year: 2022.0"),
        "content/commitments/switzerland.yaml:4:11: error[wrong-type]: 'year' is not a whole number but 2022.0; write digits only, without quotation marks",
    ),
    (
        "truth where a number belongs",
        SWITZERLAND,
        ("year: 2022", "year: true"),
        "content/commitments/switzerland.yaml:4:11: error[wrong-type]: 'year' is not a whole number but true; write digits only, without quotation marks",
    ),
    (
        "number where a text belongs",
        SWITZERLAND,
        ("id: CH002", "id: 2"),
        "content/commitments/switzerland.yaml:8:9: error[wrong-type]: 'id' is not a text but 2; put it in quotation marks",
    ),
    (
        "date where a number belongs",
        SWITZERLAND,
        ("year: 2022", "year: 2022-01-01"),
        "content/commitments/switzerland.yaml:4:11: error[wrong-type]: 'year' is not a whole number but '2022-01-01'; write digits only, without quotation marks",
    ),
    (
        "not a number",
        MEMBERS,
        ("[-36.85, 174.76]", "[.nan, 174.76]"),
        "content/members.yaml:8:14: error[wrong-type]: item 1 of 'location' is not a number but '.nan'; write digits and a point, without quotation marks",
    ),
    (
        "infinite number",
        MEMBERS,
        ("[-36.85, 174.76]", "[-36.85, 1.0e+999]"),
        "content/members.yaml:8:22: error[invalid-value]: item 2 of 'location' is more than 180; correct it",
    ),
    (
        "number where a text belongs, in a list",
        REPORT,
        ("[rivers, drinking water]", "[rivers, 2024]"),
        "content/report.yaml:7:20: error[wrong-type]: item 2 of 'keywords' is not a text but 2024; put it in quotation marks",
    ),
    (
        "mapping where a text belongs",
        REPORT,
        ("title: Clear Rivers", "title: {en: Clear Rivers}"),
        "content/report.yaml:4:8: error[wrong-type]: 'title' is not a text but a mapping; put it in quotation marks",
    ),
    (
        "text where a list belongs",
        REPORT,
        ("keywords: [rivers, drinking water]", "keywords: rivers, drinking water"),
        "content/report.yaml:7:11: error[wrong-type]: 'keywords' is not a list but 'rivers, drinking water'; write an item a line, each behind '- '",
    ),
    (
        "text where a mapping belongs",
        PILLARS,
        (
            "  title: Restore what was lost\n  points:\n    - Give rivers their banks back.",
            "  Restore what was lost",
        ),
        "content/pillars.yaml:8:3: error[wrong-type]: 'restore' is not a mapping but 'Restore what was lost'; write 'key: value' lines, each key from the same column on",
    ),
    (
        "list where a mapping belongs",
        REGIONS,
        "- Upstream\n- Downstream\n",
        "content/regions.yaml:1:1: error[wrong-type]: the file is not a mapping but a list; write 'key: value' lines, each key from the same column on",
    ),
    (
        "text where a file's keys belong",
        REGIONS,
        "Upstream and downstream\n",
        "content/regions.yaml:1:1: error[wrong-type]: the file is not a mapping but 'Upstream and downstream'; write 'key: value' lines, each key from the same column on",
    ),
    (
        "yes is a text, not true",
        SECTION,
        ("title: Introduction", "title: Introduction\neditorial: yes"),
        "content/sections/introduction.md:3:12: error[wrong-type]: 'editorial' is not true or false but 'yes'; write true or false, without quotation marks",
    ),
    (
        "no value",
        REPORT,
        ("title: Clear Rivers\n", "title:\n"),
        "content/report.yaml:4:7: error[no-value]: 'title' has no value; fill it in",
    ),
    (
        "blank text",
        REPORT,
        ("title: Clear Rivers\n", "title: '  '\n"),
        "content/report.yaml:4:8: error[wrong-length]: 'title' is empty; fill it in",
    ),
    (
        "empty list",
        REPORT,
        (
            "authors:\n  - name: A. Writer\n    role: Editor at the River Towns’ Network",
            "authors: []",
        ),
        "content/report.yaml:8:10: error[wrong-length]: 'authors' is empty; fill it in",
    ),
    (
        "list too short",
        REPORT,
        ("[2022, 2024]", "[2022]"),
        "content/report.yaml:27:10: error[wrong-length]: 'years' has too few items; fill it in",
    ),
    (
        "list too long",
        REPORT,
        ("[2022, 2024]", "[2022, 2023, 2024]"),
        "content/report.yaml:27:10: error[wrong-length]: 'years' has more than 2 items; take the surplus away",
    ),
    (
        "name too long",
        REPORT,
        ("slug: clear-rivers", "slug: " + "r" * 81),
        "content/report.yaml:2:7: error[wrong-length]: 'slug' is longer than 80 signs; shorten it",
    ),
    (
        "name of a wrong form",
        REPORT,
        ("slug: clear-rivers", "slug: Clear Rivers"),
        "content/report.yaml:2:7: error[invalid-value]: 'Clear Rivers' is not a value for 'slug'; write lower-case letters and digits with single hyphens between, such as 'my-report'",
    ),
    (
        "value that is none of the possible ones",
        FIGURE,
        ("kind: line", "kind: lines"),
        "content/figures/clean-rivers.yaml:3:7: error[invalid-value]: 'lines' is not a value for 'kind'; did you mean 'line'?",
    ),
    (
        "value that is far from the possible ones",
        FIGURE,
        ("kind: line", "kind: pie"),
        "content/figures/clean-rivers.yaml:3:7: error[invalid-value]: 'pie' is not a value for 'kind'; write one of column, bar, line, map",
    ),
    (
        "list as one of the possible values",
        FIGURE,
        ("kind: line", "kind: [line]"),
        "content/figures/clean-rivers.yaml:3:7: error[invalid-value]: a list is not a value for 'kind'; did you mean 'line'?",
    ),
    (
        "date of a wrong form",
        REPORT,
        ("date: 2024-05", "date: 2024-05-31"),
        "content/report.yaml:6:7: error[invalid-value]: '2024-05-31' is not a value for 'date'; write year and month, such as 2021-12",
    ),
    (
        "month that there is not",
        REPORT,
        ("date: 2024-05", "date: 2024-13"),
        "content/report.yaml:6:7: error[invalid-value]: '2024-13' is not a value for 'date'; write year and month, such as 2021-12",
    ),
    (
        "year that there is not",
        REPORT,
        ("date: 2024-05", "date: 0000-05"),
        "content/report.yaml:6:7: error[invalid-value]: '0000-05' is not a value for 'date'; write year and month, such as 2021-12",
    ),
    (
        "address without a scheme",
        LINKS,
        ("url: https://example.org/network", "url: example.org/network"),
        "content/links.yaml:7:10: error[invalid-value]: 'example.org/network' is not a value for 'url'; write the whole address, such as https://example.org/page",
    ),
    (
        "javascript as an address",
        LINKS,
        ("url: https://example.org/network", "url: javascript:alert(1)"),
        "content/links.yaml:7:10: error[invalid-value]: 'javascript:alert(1)' is not a value for 'url'; write the whole address, such as https://example.org/page",
    ),
    (
        "language that there is not",
        REPORT,
        ("language: en", "language: xx"),
        "content/report.yaml:3:11: error[unknown-language]: 'xx' is not a language whose rules are known (CLDR); write a language tag, such as en or pt-BR",
    ),
    (
        "language of a wrong form",
        REPORT,
        ("language: en", "language: English"),
        "content/report.yaml:3:11: error[invalid-value]: 'English' is not a value for 'language'; write a language tag, such as en or pt-BR",
    ),
    (
        "years the wrong way round",
        REPORT,
        ("[2022, 2024]", "[2024, 2022]"),
        "content/report.yaml:27:10: error[invalid-value]: the first year comes after the last one; change one of the two",
    ),
    (
        "latitude out of range",
        MEMBERS,
        ("[-36.85, 174.76]", "[-136.85, 174.76]"),
        "content/members.yaml:8:14: error[invalid-value]: item 1 of 'location' is less than -90; correct it",
    ),
    (
        "latitude as text",
        MEMBERS,
        ("[-36.85, 174.76]", '["-36.85", 174.76]'),
        "content/members.yaml:8:14: error[wrong-type]: item 1 of 'location' is not a number but '-36.85'; write digits and a point, without quotation marks",
    ),
    (
        "link with a status but no address",
        LINKS,
        ("    url: https://example.org/network\n", ""),
        "content/links.yaml:6:5: error[invalid-value]: a link has a url, or else the status 'unknown'; change one of the two",
    ),
    (
        "figure with two sources",
        FIGURE,
        ("data: clean-rivers.csv", "data: clean-rivers.csv\ncount: year"),
        "content/figures/clean-rivers.yaml:2:1: error[invalid-value]: a figure has either 'data' or 'count'; change one of the two",
    ),
    (
        "map that counts no members",
        MAP,
        ("count: member", "count: region"),
        "content/figures/map.yaml:1:1: error[invalid-value]: a map counts members, and members are counted on a map; change one of the two",
    ),
    (
        "address template without the id",
        LINKS,
        ("{member}/{id}/", "{member}/"),
        "content/links.yaml:3:13: error[invalid-value]: the address of a commitment needs {id}, may have {member}, and nothing else in braces; write it such as https://example.org/{member}/{id}/",
    ),
    (
        "address template with an unknown name",
        LINKS,
        ("{member}/{id}/", "{slug}/{id}/"),
        "content/links.yaml:3:13: error[invalid-value]: the address of a commitment needs {id}, may have {member}, and nothing else in braces; write it such as https://example.org/{member}/{id}/",
    ),
    (
        "name of an entry of a wrong form",
        PILLARS,
        ("restore:", "Restore It:"),
        "content/pillars.yaml:7:1: error[invalid-name]: 'Restore It' is not a name; write lower-case letters and digits with single hyphens between, such as 'my-name'",
    ),
    (
        "name of a link of a wrong form",
        LINKS,
        ("  network:", "  The Network:"),
        "content/links.yaml:5:3: error[invalid-name]: 'The Network' is not a name; write lower-case letters and digits with single hyphens between, such as 'my-name'",
    ),
    (
        "huge whole number",
        SWITZERLAND,
        ("year: 2022", "year: " + "9" * 5000),
        "content/commitments/switzerland.yaml:4:11: error[yaml-number]: a number has 5000 digits; correct it, or quote it if it is text",
    ),
    (
        "large whole number",
        SWITZERLAND,
        ("year: 2022", "year: " + "9" * 399),
        "content/commitments/switzerland.yaml:4:11: error[year-out-of-range]: the year 99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999 … 999999999999999999999999999999999999999999999999999 is not between 2022 and 2024; correct it, or widen commitments.years in content/report.yaml",
    ),
    (
        "very long value",
        SWITZERLAND,
        ("id: CH002", "id: " + "R" * 10_000),
        "content/commitments/switzerland.yaml:8:9: error[id-form]: the id 'RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR … RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR' has not the form of an id of 'switzerland'; write it as CH000, with a digit for each 0",
    ),
]

PARTS: list[Case] = [
    (
        "unknown part",
        REPORT,
        ("  - contents", "  - contens"),
        "content/report.yaml:33:5: error[unknown-part]: this is not a part of a report; did you mean 'contents'?",
    ),
    (
        "unknown kind of part",
        REPORT,
        ("  - pillar: restore", "  - theme: restore"),
        "content/report.yaml:36:5: error[unknown-part]: this is not a part of a report; write cover, imprint, contents, index, closing, 'sections: [NAME]' or 'pillar: NAME'",
    ),
    (
        "section that is not in a list",
        REPORT,
        ("  - sections: [introduction]", "  - sections: introduction"),
        "content/report.yaml:34:5: error[unknown-part]: this is not a part of a report; write cover, imprint, contents, index, closing, 'sections: [NAME]' or 'pillar: NAME'",
    ),
    (
        "parts that are a mapping",
        REPORT,
        (
            "  - cover\n  - imprint\n  - contents\n  - sections: [introduction]\n  - pillar: measure\n  - pillar: restore\n  - index\n  - closing",
            "  {}",
        ),
        "content/report.yaml:31:3: error[wrong-type]: 'parts' is not a list but a mapping; write an item a line, each behind '- '",
    ),
    (
        "part that is null",
        REPORT,
        ("  - cover\n", "  -\n"),
        "content/report.yaml:31:4: error[unknown-part]: this is not a part of a report; write cover, imprint, contents, index, closing, 'sections: [NAME]' or 'pillar: NAME'",
    ),
    (
        "cover not first",
        REPORT,
        ("  - cover\n", ""),
        "content/report.yaml:31:5: error[no-cover]: the first part is not the cover, which has the report's title as its first heading; begin the list with '- cover'",
    ),
    (
        "groups from the inside out",
        REPORT,
        ("[region, member]", "[member, region]"),
        "content/report.yaml:28:13: error[invalid-value]: groups stand from the outside in, each once: region, member; change one of the two",
    ),
    (
        "link to a record that is not printed",
        REPORT,
        ("  - pillar: measure\n", ""),
        "content/sections/introduction.md:5:176: error[not-printed]: the commitment 'CH001' is not printed, so that nothing can lead to it; add to parts what prints it, place the figure, or take the link away",
    ),
    (
        "plain part twice",
        REPORT,
        ("  - index\n", "  - index\n  - cover\n"),
        "content/report.yaml:38:5: error[duplicate-part]: the part 'cover' stands among the parts a second time; delete one of the two",
    ),
    (
        "pillar twice",
        REPORT,
        ("  - pillar: restore\n", "  - pillar: restore\n  - pillar: measure\n"),
        "content/report.yaml:37:13: error[duplicate-part]: the pillar 'measure' stands among the parts a second time; delete one of the two",
    ),
    (
        "section twice",
        REPORT,
        ("[introduction]", "[introduction, introduction]"),
        "content/report.yaml:34:30: error[duplicate-part]: the section 'introduction' stands among the parts a second time; delete one of the two",
    ),
    (
        "unknown section",
        REPORT,
        ("[introduction]", "[introduction, introducton]"),
        "content/report.yaml:34:30: error[unknown-section]: there is no section 'introducton'; did you mean 'introduction'?",
    ),
    (
        "unknown pillar of a part",
        REPORT,
        ("  - index\n", "  - pillar: release\n  - index\n"),
        "content/report.yaml:37:13: error[unknown-pillar]: there is no pillar 'release'; add it, or use one of measure, restore",
    ),
    (
        "section not among the parts",
        REPORT,
        ("  - sections: [introduction]\n", ""),
        "content/sections/introduction.md:2:1: warning[unused-section]: the section 'introduction' is not among the parts of the report; add it to a 'sections' part in content/report.yaml, or delete the file",
    ),
    (
        "pillar not among the parts",
        REPORT,
        ("  - pillar: restore\n", ""),
        "content/pillars.yaml:7:1: warning[unused-pillar]: the pillar 'restore' is not among the parts: its commitments are not printed; add 'pillar: restore' to parts in content/report.yaml",
    ),
]

MEMBERS_AND_REGIONS: list[Case] = [
    (
        "unknown region",
        MEMBERS,
        ("region: upstream", "region: upstreem"),
        "content/members.yaml:16:11: error[unknown-region]: there is no region 'upstreem'; did you mean 'upstream'?",
    ),
    (
        "unknown region, none near",
        MEMBERS,
        ("region: upstream", "region: europe"),
        "content/members.yaml:16:11: error[unknown-region]: there is no region 'europe'; add it, or use one of downstream, upstream",
    ),
    (
        "country that there is not",
        MEMBERS,
        ("code: CH", "code: QQ"),
        "content/members.yaml:15:9: error[unknown-country]: 'QQ' is not the code of a country (ISO 3166-1); look the two-letter code up",
    ),
    (
        "code of a union of countries",
        MEMBERS,
        ("code: CH", "code: EU"),
        "content/members.yaml:15:9: error[unknown-country]: 'EU' is not the code of a country (ISO 3166-1); look the two-letter code up",
    ),
    (
        "code in lower case",
        MEMBERS,
        ("code: CH", "code: ch"),
        "content/members.yaml:15:9: error[invalid-value]: 'ch' is not a value for 'code'; write an ISO 3166 code, such as NZ or NZ-AUK",
    ),
    (
        "code no is a text",
        MEMBERS,
        ("code: CH", "code: no"),
        "content/members.yaml:15:9: error[invalid-value]: 'no' is not a value for 'code'; write an ISO 3166 code, such as NZ or NZ-AUK",
    ),
    (
        "subdivision without a parent",
        MEMBERS,
        ("  code: CH\n", "  code: CH-ZH\n  location: [47.4, 8.5]\n"),
        "content/members.yaml:15:9: error[member-kind]: the code 'CH-ZH' is a subdivision's, but the member has no parent; a country has a code such as NZ and no parent, a local member has one such as NZ-AUK and the parent NZ",
    ),
    (
        "parent of another country",
        MEMBERS,
        ("parent: NZ", "parent: AU"),
        "content/members.yaml:4:9: error[member-kind]: the code 'NZ-AUK' does not fit the parent 'AU'; a country has a code such as NZ and no parent, a local member has one such as NZ-AUK and the parent NZ",
    ),
    (
        "country with a parent",
        MEMBERS,
        ("code: NZ-AUK", "code: NZ"),
        "content/members.yaml:4:9: error[member-kind]: the code 'NZ' does not fit the parent 'NZ'; a country has a code such as NZ and no parent, a local member has one such as NZ-AUK and the parent NZ",
    ),
    (
        "local member without a prefix",
        MEMBERS,
        ("  id_prefix: AKL\n", ""),
        "content/members.yaml:3:3: error[missing-key]: the local member 'auckland' has no 'id_prefix'; say what the ids of its commitments begin with",
    ),
    (
        "prefix of another member",
        MEMBERS,
        ("id_prefix: AKL", "id_prefix: CH"),
        "content/members.yaml:15:9: error[duplicate-prefix]: the ids of 'switzerland' begin with 'CH', as those of 'auckland' do; give one of the two an 'id_prefix' of its own",
    ),
    (
        "code of another member",
        MEMBERS,
        ("  code: NZ\n", "  code: CH\n"),
        "content/members.yaml:15:9: error[duplicate-prefix]: the ids of 'switzerland' begin with 'CH', as those of 'new-zealand' do; give one of the two an 'id_prefix' of its own",
    ),
    (
        "member without a place on the map",
        MEMBERS,
        ("  location: [-36.85, 174.76]\n", ""),
        "content/members.yaml:2:1: warning[not-on-map]: the map has no area for the member 'auckland'; add its 'location: [latitude, longitude]', so that it gets a dot",
    ),
]

COMMITMENTS: list[Case] = [
    (
        "id twice in a file",
        SWITZERLAND,
        ("id: CH002", "id: CH001"),
        "content/commitments/switzerland.yaml:8:9: error[duplicate-id]: the id 'CH001' stands here a second time (first at content/commitments/switzerland.yaml:3:9); give each commitment an id of its own",
    ),
    (
        "id of a wrong form",
        SWITZERLAND,
        ("id: CH002", "id: CH02"),
        "content/commitments/switzerland.yaml:8:9: error[id-form]: the id 'CH02' has not the form of an id of 'switzerland'; write it as CH000, with a digit for each 0",
    ),
    (
        "id in lower case",
        SWITZERLAND,
        ("id: CH002", "id: ch002"),
        "content/commitments/switzerland.yaml:8:9: error[id-form]: the id 'ch002' has not the form of an id of 'switzerland'; write it as CH000, with a digit for each 0",
    ),
    (
        "id of another member",
        SWITZERLAND,
        ("id: CH002", "id: NZ002"),
        "content/commitments/switzerland.yaml:8:9: error[id-of-other-member]: the id 'NZ002' is of the member 'new-zealand', but the file is of 'switzerland'; move the record to 'new-zealand.yaml', or correct the id",
    ),
    (
        "id of another member's record",
        SWITZERLAND,
        ("id: CH002", "id: NZ001"),
        "content/commitments/switzerland.yaml:8:9: error[id-of-other-member]: the id 'NZ001' is of the member 'new-zealand', but the file is of 'switzerland'; move the record to 'new-zealand.yaml', or correct the id",
    ),
    (
        "a bad record leaves the others",
        SWITZERLAND,
        ("    year: 2022\n    pillar: measure", "    year: 2021\n    pillar: mesure"),
        "content/commitments/switzerland.yaml:4:11: error[year-out-of-range]: the year 2021 is not between 2022 and 2024; correct it, or widen commitments.years in content/report.yaml",
        "content/commitments/switzerland.yaml:5:13: error[unknown-pillar]: there is no pillar 'mesure'; did you mean 'measure'?",
    ),
    (
        "year before the range",
        SWITZERLAND,
        ("year: 2022", "year: 2021"),
        "content/commitments/switzerland.yaml:4:11: error[year-out-of-range]: the year 2021 is not between 2022 and 2024; correct it, or widen commitments.years in content/report.yaml",
    ),
    (
        "year after the range",
        SWITZERLAND,
        ("year: 2022", "year: 2025"),
        "content/commitments/switzerland.yaml:4:11: error[year-out-of-range]: the year 2025 is not between 2022 and 2024; correct it, or widen commitments.years in content/report.yaml",
    ),
    (
        "unknown pillar",
        SWITZERLAND,
        ("pillar: restore", "pillar: restor"),
        "content/commitments/switzerland.yaml:10:13: error[unknown-pillar]: there is no pillar 'restor'; did you mean 'restore'?",
    ),
    (
        "unknown member",
        SWITZERLAND,
        ("member: switzerland", "member: switzerlnd"),
        "content/commitments/switzerland.yaml:1:9: error[unknown-member]: there is no member 'switzerlnd'; did you mean 'switzerland'?",
    ),
    (
        "the records of a member in a second file",
        "content/commitments/swiss.yaml",
        "member: switzerland\ncommitments:\n  - id: CH001\n    year: 2023\n    pillar: measure\n    title: Again\n    summary: Again.\n",
        "content/commitments/swiss.yaml:1:9: error[file-name]: the member is 'switzerland', but the file is 'swiss.yaml'; rename the file to 'switzerland.yaml', or correct the member",
        "content/commitments/switzerland.yaml:3:9: error[duplicate-id]: the id 'CH001' stands here a second time (first at content/commitments/swiss.yaml:3:9); give each commitment an id of its own",
    ),
    (
        "member of another file",
        SWITZERLAND,
        ("member: switzerland", "member: new-zealand"),
        "content/commitments/switzerland.yaml:1:9: error[file-name]: the member is 'new-zealand', but the file is 'switzerland.yaml'; rename the file to 'new-zealand.yaml', or correct the member",
    ),
    (
        "no records",
        NEW_ZEALAND,
        "member: new-zealand\ncommitments: []\n",
        "content/commitments/new-zealand.yaml:2:14: error[wrong-length]: 'commitments' is empty; fill it in",
    ),
    (
        "records that are a mapping",
        NEW_ZEALAND,
        "member: new-zealand\ncommitments:\n  id: NZ001\n",
        "content/commitments/new-zealand.yaml:3:3: error[wrong-type]: 'commitments' is not a list but a mapping; write an item a line, each behind '- '",
    ),
]

LINKS_AND_PROSE: list[Case] = [
    (
        "unknown link",
        SECTION,
        ("(network)", "(netwerk)"),
        "content/sections/introduction.md:5:126: error[unknown-link]: there is no link 'netwerk'; did you mean 'network'?",
    ),
    (
        "unknown commitment",
        SECTION,
        ("(commitment:CH001)", "(commitment:CH101)"),
        "content/sections/introduction.md:5:176: error[unknown-commitment]: there is no commitment 'CH101'; did you mean 'CH001'?",
    ),
    (
        "unknown member of a link",
        SECTION,
        ("(commitment:CH001)", "(member:swiss)"),
        "content/sections/introduction.md:5:176: error[unknown-member]: there is no member 'swiss'; add it, or use one of auckland, new-zealand, switzerland",
    ),
    (
        "unknown pillar of a link",
        SECTION,
        ("(commitment:CH001)", "(pillar:measures)"),
        "content/sections/introduction.md:5:176: error[unknown-pillar]: there is no pillar 'measures'; did you mean 'measure'?",
    ),
    (
        "unknown section of a link",
        SECTION,
        ("(commitment:CH001)", "(section:intro)"),
        "content/sections/introduction.md:5:176: error[unknown-section]: there is no section 'intro'; add it, or use one of introduction",
    ),
    (
        "unknown figure of a link",
        SECTION,
        ("(commitment:CH001)", "(figure:by-yaer)"),
        "content/sections/introduction.md:5:176: error[unknown-figure]: there is no figure 'by-yaer'; did you mean 'by-year'?",
    ),
    (
        "javascript as a link",
        SECTION,
        ("(network)", "(javascript:alert%281%29)"),
        "content/sections/introduction.md:5:126: error[invalid-link]: 'javascript:alert%281%29' is not a link that a report may have; use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
    ),
    (
        "javascript in an autolink",
        SECTION,
        ("does.", "does. <javascript:alert>"),
        "content/sections/introduction.md:5:202: error[invalid-link]: 'javascript:alert' is not a link that a report may have; use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
    ),
    (
        "data as a link",
        SECTION,
        ("(network)", "(data:text/html,x)"),
        "content/sections/introduction.md:5:126: error[invalid-link]: 'data:text/html,x' is not a link that a report may have; use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
    ),
    (
        "file as a link",
        SECTION,
        ("(network)", "(file:///etc/passwd)"),
        "content/sections/introduction.md:5:126: error[invalid-link]: 'file:///etc/passwd' is not a link that a report may have; use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
    ),
    (
        "link without a target",
        SECTION,
        ("(network)", "()"),
        "content/sections/introduction.md:5:126: error[invalid-link]: '' is not a link that a report may have; use the name of a link in content/links.yaml, a public address, or 'commitment:ID'",
    ),
    (
        "the same unknown link twice",
        SECTION,
        ("does.", "does. [a](gone), [b](gone)"),
        "content/sections/introduction.md:5:204: error[unknown-link]: there is no link 'gone'; add it, or use one of network",
        "content/sections/introduction.md:5:215: error[unknown-link]: there is no link 'gone'; add it, or use one of network",
    ),
    (
        "link with a sign that a browser would write otherwise",
        SECTION,
        ("(network)", "(<the nétwork>)"),
        "content/sections/introduction.md:5:126: error[unknown-link]: there is no link 'the nétwork'; did you mean 'network'?",
    ),
    (
        "raw HTML",
        SECTION,
        ("a section:", "a <b>section</b>:"),
        "content/sections/introduction.md:5:11: error[raw-html]: '<b>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
        "content/sections/introduction.md:5:21: error[raw-html]: '</b>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
    ),
    (
        "raw HTML in a title",
        SECTION,
        ("title: Introduction", "title: Intro<br>duction"),
        "content/sections/introduction.md:2:13: error[raw-html]: '<br>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
    ),
    (
        "raw HTML in a list",
        SECTION,
        ("> every", "- one\n- two <i>three</i>\n\n> every"),
        "content/sections/introduction.md:8:7: error[raw-html]: '<i>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
        "content/sections/introduction.md:8:15: error[raw-html]: '</i>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
    ),
    (
        "raw HTML in a later line of a paragraph",
        SECTION,
        ("Records stand in", "Records\n  stand <u>in</u>"),
        "content/sections/introduction.md:10:9: error[raw-html]: '<u>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
        "content/sections/introduction.md:10:14: error[raw-html]: '</u>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
    ),
    (
        "raw HTML in a folded text",
        REPORT,
        ("4.0) <https", "4.0) <span>x</span> <https"),
        "content/report.yaml:19:12: error[raw-html]: '<span>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
        "content/report.yaml:19:19: error[raw-html]: '</span>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
    ),
    (
        "image in a sentence",
        SECTION,
        ("a section:", "a section ![x](x.png):"),
        "content/sections/introduction.md:5:22: error[image-in-text]: an image stands within a text; give it a paragraph of its own",
    ),
    (
        "link not used",
        SECTION,
        ("[the network](network)", "the network"),
        "content/links.yaml:5:3: warning[unused-link]: no text uses the link 'network'; write [text](network) in a section, or delete the entry",
    ),
    (
        "target not known",
        LINKS,
        ("status: original\n    url: https://example.org/network", "status: unknown"),
        "content/links.yaml:5:3: warning[unknown-target]: the target of the link 'network' is not known: it is text on the page; add its 'url' and the status 'original' or 'found'",
    ),
]

SECTIONS: list[Case] = [
    (
        "no front matter",
        SECTION,
        "Just text.\n",
        "content/sections/introduction.md:1:1: error[no-front-matter]: the file does not begin with front matter; begin it with a line '---', a line 'title: …' and a line '---'",
    ),
    (
        "front matter that does not end",
        SECTION,
        ("title: Introduction\n---", "title: Introduction"),
        "content/sections/introduction.md:1:1: error[no-front-matter]: the file does not begin with front matter; begin it with a line '---', a line 'title: …' and a line '---'",
    ),
    (
        "front matter that is empty",
        SECTION,
        ("title: Introduction\n", ""),
        "content/sections/introduction.md:1:1: error[no-keys]: there is nothing where keys are to be; write 'key: value' lines; the keys are title, editorial, setting",
    ),
    (
        "front matter that is a list",
        SECTION,
        ("title: Introduction", "- Introduction"),
        "content/sections/introduction.md:2:1: error[wrong-type]: the file is not a mapping but a list; write 'key: value' lines, each key from the same column on",
    ),
    (
        "heading of level 1",
        SECTION,
        ("Records stand", "# Records\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a heading of level 1 or above 3 has no form in a report; the section's title stands in the front matter; use '##' or '###' below it",
    ),
    (
        "heading of level 4",
        SECTION,
        ("Records stand", "#### Records\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a heading of level 1 or above 3 has no form in a report; the section's title stands in the front matter; use '##' or '###' below it",
    ),
    (
        "heading underlined",
        SECTION,
        ("Records stand", "Records\n=======\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a heading of level 1 or above 3 has no form in a report; the section's title stands in the front matter; use '##' or '###' below it",
    ),
    (
        "heading that skips a level",
        SECTION,
        ("Records stand", "### Records\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[heading-level]: a heading of level 3 has none of level 2 above it; write '##' for it, or put one of level 2 above it",
    ),
    (
        "heading without words",
        SECTION,
        ("Records stand", "##\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a heading without words has no form in a report; write them behind '## ', or delete the line",
    ),
    (
        "block of HTML",
        SECTION,
        ("Records stand", "<div>x</div>\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: raw HTML has no form in a report; write it as Markdown, or leave it to the templates",
    ),
    (
        "comment",
        SECTION,
        ("Records stand", "<!-- later -->\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: raw HTML has no form in a report; write it as Markdown, or leave it to the templates",
    ),
    (
        "code",
        SECTION,
        ("Records stand", "```\nx = 1\n```\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a block of code has no form in a report; write it as a paragraph",
    ),
    (
        "text set in",
        SECTION,
        ("Records stand", "    x = 1\n\nRecords stand"),
        "content/sections/introduction.md:9:5: error[unsupported-markdown]: a text set in by four spaces has no form in a report; take the spaces away",
    ),
    (
        "rule",
        SECTION,
        ("Records stand", "* * *\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a rule has no form in a report; delete it, or begin a section with '##'",
    ),
    (
        "table",
        SECTION,
        ("Records stand", "| a | b |\n|---|---|\n| 1 | 2 |\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a table has no form in a report; write a list, or a figure with a CSV file",
    ),
    (
        "list in a list",
        SECTION,
        ("Records stand", "- a\n  - b\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: an item of a list is not just one paragraph; write one paragraph an item, and no list within a list",
    ),
    (
        "list that begins with a year",
        SECTION,
        ("Records stand", "2021. It was a wet year.\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: a numbered list that begins with 2021 has no form in a report; begin it with 1; if it is text, write '2021\\.'",
    ),
    (
        "definition of a link",
        SECTION,
        ("Records stand", "[network]: https://example.org\n\nRecords stand"),
        "content/sections/introduction.md:9:1: error[unsupported-markdown]: the definition of a link has no form in a report; write the link where it stands: [text](target)",
    ),
    (
        "pull-out of two paragraphs",
        SECTION,
        ("> every number is a record that someone can check", "> every number is\n>\n> a record"),
        "content/sections/introduction.md:7:1: error[unsupported-markdown]: a block quotation of more than one paragraph has no form in a report; a block quotation is a pull-out: one short paragraph",
    ),
    (
        "pull-out whose words are other ones",
        SECTION,
        ("> every number", "> each number"),
        "content/sections/introduction.md:7:1: error[pull-out-differs]: the words of this pull-out don't stand in the section's text; repeat words of a paragraph of this section exactly",
    ),
    (
        "unknown figure",
        SECTION,
        ("![](figure:map)", "![](figure:mapp)"),
        "content/sections/introduction.md:15:1: error[unknown-figure]: there is no figure 'mapp'; did you mean 'map'?",
    ),
    (
        "figure placed twice",
        SECTION,
        ("![](figure:map)", "![](figure:map)\n\n![](figure:map)"),
        "content/sections/introduction.md:17:1: error[duplicate-figure]: the figure 'map' is placed a second time (first at content/sections/introduction.md:15:1); link to it instead: [see the figure](figure:map)",
    ),
    (
        "file that nothing reads, for its ending",
        "content/figures/map2.yml",
        "title: Map\n",
        "content/figures/map2.yml:1:1: warning[stray-file]: nothing reads this file; let its name end in '.yaml', or take it out of content/figures",
    ),
    (
        "figure not placed",
        SECTION,
        ("![](figure:map)\n", ""),
        "content/figures/map.yaml:1:1: warning[unused-figure]: the figure 'map' is not placed in a section; add a paragraph ![](figure:map) to a section, or delete the file",
    ),
    (
        "image that is missing",
        SECTION,
        ("![](figure:map)", "![](figure:map)\n\n![A bank](images/bank.png)"),
        "content/sections/introduction.md:17:1: error[missing-image]: there is no image 'content/images/bank.png' in the project; put the file into content/images and write images/NAME",
    ),
    (
        "image outside of the project",
        SECTION,
        ("![](figure:map)", "![](figure:map)\n\n![A bank](../../bank.png)"),
        "content/sections/introduction.md:17:1: error[outside-project]: the image '../../bank.png' lies outside of the project; put the file into content/images and write images/NAME",
    ),
    (
        "image of the whole disk",
        SECTION,
        ("![](figure:map)", "![](figure:map)\n\n![Users](/etc/passwd)"),
        "content/sections/introduction.md:17:1: error[outside-project]: the image '/etc/passwd' lies outside of the project; put the file into content/images and write images/NAME",
    ),
    (
        "image on the web",
        SECTION,
        ("![](figure:map)", "![](figure:map)\n\n![A bank](https://example.org/bank.png)"),
        "content/sections/introduction.md:17:1: error[outside-project]: the image 'https://example.org/bank.png' lies outside of the project; put the file into content/images and write images/NAME",
    ),
    (
        "link in the caption of an image",
        SECTION,
        ("![](figure:map)", '![](figure:map "See [it](gone)")'),
        "content/sections/introduction.md:15:24: error[unknown-link]: there is no link 'gone'; add it, or use one of network",
    ),
]

FIGURES_AND_TABLES: list[Case] = [
    (
        "CSV that is missing",
        FIGURE,
        ("data: clean-rivers.csv", "data: clear-rivers.csv"),
        "content/figures/clean-rivers.yaml:4:7: error[missing-file]: there is no file 'content/figures/clear-rivers.csv' in the project; put the CSV file beside this one, or correct its name",
    ),
    (
        "CSV outside of the project",
        FIGURE,
        ("data: clean-rivers.csv", "data: ../../../clean-rivers.csv"),
        "content/figures/clean-rivers.yaml:4:7: error[missing-file]: there is no file 'content/figures/../../../clean-rivers.csv' in the project; put the CSV file beside this one, or correct its name",
    ),
    (
        "CSV without numbers yet",
        TABLE,
        "year,Clean rivers\n",
        "content/figures/clean-rivers.csv:2:1: warning[data-missing]: the numbers of the figure 'clean-rivers' are to be supplied; fill this file in (year, Clean rivers); the page has a panel until then",
    ),
    (
        "CSV without a head",
        TABLE,
        "",
        "content/figures/clean-rivers.csv:1:1: error[empty-csv]: the file has no head row; name the columns in the first line, for example 'year,Commitments'",
    ),
    (
        "CSV of one column",
        TABLE,
        "year\n2024\n",
        "content/figures/clean-rivers.csv:1:1: error[csv-columns]: the table has one column only; name the rows in the first column, and part columns by commas or semicolons",
    ),
    (
        "CSV parted by tabs",
        TABLE,
        "year\tClean rivers\n2024\t12\n",
        "content/figures/clean-rivers.csv:1:1: error[csv-columns]: the table has one column only; name the rows in the first column, and part columns by commas or semicolons",
    ),
    (
        "CSV with a column that has no head",
        TABLE,
        "year,Clean rivers,\n2024,12,13\n",
        "content/figures/clean-rivers.csv:1:19: error[csv-columns]: a column has no head; give each column a name of its own",
    ),
    (
        "CSV with a column twice",
        TABLE,
        "year,Clean rivers, Clean rivers\n2024,12,13\n",
        "content/figures/clean-rivers.csv:1:20: error[csv-columns]: the column head 'Clean rivers' stands twice; give each column a name of its own",
    ),
    (
        "CSV with a row that is too short",
        TABLE,
        "year,Clean rivers\n2023\n2024,12\n",
        "content/figures/clean-rivers.csv:2:1: error[ragged-csv]: this row has 1 cell, the head row has 2; give each row as many cells as there are columns",
    ),
    (
        "CSV with decimal commas",
        TABLE,
        "year,Clean rivers\n2023,11,5\n2024,12,5\n",
        "content/figures/clean-rivers.csv:2:1: error[ragged-csv]: this row has 3 cells, the head row has 2; give each row as many cells as there are columns",
        "content/figures/clean-rivers.csv:3:1: error[ragged-csv]: this row has 3 cells, the head row has 2; give each row as many cells as there are columns",
    ),
    (
        "CSV with decimal commas and semicolons",
        TABLE,
        "year;Clean rivers\n2023;11,5\n2024;12,5\n",
        "content/figures/clean-rivers.csv:2:6: error[not-a-number]: '11,5' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:3:6: error[not-a-number]: '12,5' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
    ),
    (
        "CSV with signs of unit",
        TABLE,
        "year,Clean rivers\n2023,11%\n2024,   12 %\n",
        "content/figures/clean-rivers.csv:2:6: error[not-a-number]: '11%' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:3:9: error[not-a-number]: '12 %' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
    ),
    (
        "CSV with NaN and infinity",
        TABLE,
        "year,Clean rivers\n2022,NaN\n2023,inf\n2024,1e999\n",
        "content/figures/clean-rivers.csv:2:6: error[not-a-number]: 'NaN' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:3:6: error[not-a-number]: 'inf' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:4:6: error[not-a-number]: '1e999' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
    ),
    (
        "CSV with other digits",
        TABLE,
        "year,Clean rivers\n2023,١٢\n2024,1_000\n",
        "content/figures/clean-rivers.csv:2:6: error[not-a-number]: '١٢' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:3:6: error[not-a-number]: '1_000' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
    ),
    (
        "CSV with errors of a spreadsheet",
        TABLE,
        "year,Clean rivers\n2023,#DIV/0!\n2024,=A1+1\n",
        "content/figures/clean-rivers.csv:2:6: error[not-a-number]: '#DIV/0!' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:3:6: error[not-a-number]: '=A1+1' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
    ),
    (
        "CSV with a row twice",
        TABLE,
        "year,Clean rivers\n2023,11\n2023,12\n",
        "content/figures/clean-rivers.csv:3:1: error[csv-row-name]: the row '2023' stands here a second time (first in line 2); give each row a name of its own in the first column",
    ),
    (
        "CSV with a row without a name",
        TABLE,
        "year,Clean rivers\n,11\n",
        "content/figures/clean-rivers.csv:2:1: error[csv-row-name]: the row has no name; give each row a name of its own in the first column",
    ),
    (
        "CSV with a mark that is not closed",
        TABLE,
        'year,Clean rivers\n2023,"11\n2024,12\n',
        'content/figures/clean-rivers.csv:2:1: error[invalid-csv]: the row that begins here is not valid CSV (unexpected end of data); close each quotation mark, and double one inside a cell ("")',
    ),
    (
        "CSV with text behind a mark",
        TABLE,
        'year,Clean rivers\n2023,"11"x\n2024,12\n',
        "content/figures/clean-rivers.csv:2:1: error[invalid-csv]: the row that begins here is not valid CSV (',' expected after '\"'); close each quotation mark, and double one inside a cell (\"\")",
    ),
    (
        "CSV with a cell over lines",
        TABLE,
        'year,"Clean\nrivers","of ""all"", ever"\n2023,12,x\n2024,"1\n2",y\n',
        "content/figures/clean-rivers.csv:3:9: error[not-a-number]: 'x' in the column 'of \"all\", ever' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:4:6: error[not-a-number]: '1 2' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:5:4: error[not-a-number]: 'y' in the column 'of \"all\", ever' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
    ),
]

YAML: list[Case] = [
    (
        "key twice",
        REPORT,
        ("subtitle:", "title: Again\nsubtitle:"),
        "content/report.yaml:5:1: error[duplicate-key]: the key 'title' stands here a second time (first in line 4); delete or rename one of the two",
    ),
    (
        "key twice in an entry",
        MEMBERS,
        ("  code: CH", "  code: CH\n  code: FR"),
        "content/members.yaml:16:3: error[duplicate-key]: the key 'code' stands here a second time (first in line 15); delete or rename one of the two",
    ),
    (
        "entry twice",
        REGIONS,
        ("downstream:", "upstream:"),
        "content/regions.yaml:4:1: error[duplicate-key]: the key 'upstream' stands here a second time (first in line 2); delete or rename one of the two",
    ),
    (
        "tab",
        PILLARS,
        ("  title: Measure", "\ttitle: Measure"),
        "content/pillars.yaml:3:1: error[invalid-yaml]: this is not valid YAML (a tab stands where a value or a key begins); indent with spaces",
    ),
    (
        "indentation too deep",
        PILLARS,
        ("  points:\n    - Publish", "    points:\n    - Publish"),
        "content/pillars.yaml:4:11: error[invalid-yaml]: this is not valid YAML (there is a colon where no key can end); quote a text that holds ': ', or correct the line above: its colon, its indentation",
    ),
    (
        "indentation too small",
        MEMBERS,
        ("  code: CH\n", " code: CH\n"),
        "content/members.yaml:15:2: error[invalid-yaml]: this is not valid YAML (did not find expected key, while parsing a block mapping that begins in line 2); check the indentation, and quote a text that holds ': ' or starts with a special sign",
    ),
    (
        "colon in a text",
        SWITZERLAND,
        ("title: Open the old river arms", "title: Open: the old river arms"),
        "content/commitments/switzerland.yaml:11:16: error[invalid-yaml]: this is not valid YAML (there is a colon where no key can end); quote a text that holds ': ', or correct the line above: its colon, its indentation",
    ),
    (
        "quotation mark that is not closed",
        SWITZERLAND,
        ("title: Open the old river arms", 'title: "Open the old river arms'),
        "content/commitments/switzerland.yaml:11:12: error[invalid-yaml]: this is not valid YAML (a quotation mark opens here and is not closed); close it, and double it where it stands within the text",
    ),
    (
        "apostrophe in single quotes",
        SWITZERLAND,
        ("title: Open the old river arms", "title: 'Open the river's arms'"),
        "content/commitments/switzerland.yaml:11:28: error[invalid-yaml]: this is not valid YAML (did not find expected key, while parsing a block mapping that begins in line 8); check the indentation, and quote a text that holds ': ' or starts with a special sign",
    ),
    (
        "bracket that is not closed",
        REPORT,
        ("[rivers, drinking water]", "[rivers, drinking water"),
        "content/report.yaml:8:8: error[invalid-yaml]: this is not valid YAML (did not find expected ',' or ']', while parsing a flow sequence that begins in line 7); check the indentation, and quote a text that holds ': ' or starts with a special sign",
    ),
    (
        "sign that YAML reserves",
        SWITZERLAND,
        ("title: Open the old river arms", "title: @home"),
        "content/commitments/switzerland.yaml:11:12: error[invalid-yaml]: this is not valid YAML (a value begins with the special sign '@'); put the value in quotation marks",
    ),
    (
        "text that begins with a star",
        SWITZERLAND,
        ("title: Open the old river arms", "title: *Open* the old river arms"),
        "content/commitments/switzerland.yaml:11:12: error[invalid-yaml]: this is not valid YAML (a value begins with the special sign '*'); put the value in quotation marks",
    ),
    (
        "text that begins with a word between stars",
        SWITZERLAND,
        ("title: Open the old river arms", "title: *Open the old river arms"),
        "content/commitments/switzerland.yaml:11:12: error[yaml-alias]: the alias '*Open' is used; write the value out where it is needed, or quote a text that begins with '*'",
    ),
    (
        "text that begins with an ampersand",
        SWITZERLAND,
        ("title: Open the old river arms", "title: &Open the old river arms"),
        "content/commitments/switzerland.yaml:11:12: error[yaml-anchor]: the anchor '&Open' is used; delete it, or quote a text that begins with '&'",
    ),
    (
        "text that begins with an exclamation mark",
        SWITZERLAND,
        ("title: Open the old river arms", "title: !Open the old river arms"),
        "content/commitments/switzerland.yaml:11:12: error[yaml-tag]: the tag '!Open' is used; delete it, or quote a text that begins with '!'",
    ),
    (
        "anchor and alias",
        PILLARS,
        ("  points:\n    - Give rivers", "  points: &p\n    - *p\n    - Give rivers"),
        "content/pillars.yaml:9:11: error[yaml-anchor]: the anchor '&p' is used; delete it, or quote a text that begins with '&'",
        "content/pillars.yaml:10:7: error[yaml-alias]: the alias '*p' is used; write the value out where it is needed, or quote a text that begins with '*'",
    ),
    (
        "tag that would make an object",
        SWITZERLAND,
        ("title: Open the old river arms", "title: !!python/object/apply:os.system [ls]"),
        "content/commitments/switzerland.yaml:11:12: error[yaml-tag]: the tag '!!python/object/apply:os.system' is used; delete it, or quote a text that begins with '!'",
    ),
    (
        "tag on a mapping",
        PILLARS,
        ("restore:", "restore: !!python/dict"),
        "content/pillars.yaml:7:10: error[yaml-tag]: the tag '!!python/dict' is used; delete it, or quote a text that begins with '!'",
    ),
    (
        "tag of YAML itself",
        SWITZERLAND,
        ("year: 2024", "year: !!int 2024"),
        "content/commitments/switzerland.yaml:9:11: error[yaml-tag]: the tag '!!int' is used; delete it, or quote a text that begins with '!'",
    ),
    (
        "key that is a list",
        REPORT,
        ("keywords:", "? [a, b]\n: c\nkeywords:"),
        "content/report.yaml:7:3: error[yaml-key]: a key is not a name; use a plain name as key",
    ),
    (
        "two documents",
        LINKS,
        ("links:", "---\nlinks:"),
        "content/links.yaml:4:1: error[yaml-documents]: a second document begins here; delete the line '---', or quote it if it is text",
    ),
    (
        "very deep nesting",
        REPORT,
        ("[rivers, drinking water]", "[" * 40 + "]" * 40),
        "content/report.yaml:7:42: error[yaml-depth]: this is nested more than 32 levels deep; close what is open, or quote a text that is no list",
    ),
    (
        "deeper nesting than a stack has room for",
        REPORT,
        ("[rivers, drinking water]", "[" * 10_000),
        "content/report.yaml:7:42: error[yaml-depth]: this is nested more than 32 levels deep; close what is open, or quote a text that is no list",
    ),
    (
        "control character by an escape",
        REPORT,
        ("title: Clear Rivers\n", 'title: "Clear\\e[31m Rivers"\n'),
        "content/report.yaml:4:8: error[control-character]: U+001B is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
    (
        "empty members",
        MEMBERS,
        "",
        "content/commitments/auckland.yaml:1:9: error[unknown-member]: there is no member 'auckland'; add it",
        "content/commitments/new-zealand.yaml:1:9: error[unknown-member]: there is no member 'new-zealand'; add it",
        "content/commitments/switzerland.yaml:1:9: error[unknown-member]: there is no member 'switzerland'; add it",
    ),
    (
        "empty file of records",
        NEW_ZEALAND,
        "",
        "content/commitments/new-zealand.yaml:1:1: error[no-keys]: there is nothing where keys are to be; write 'key: value' lines; the keys are member, commitments",
    ),
    (
        "file of comments only",
        NEW_ZEALAND,
        "# to do\n",
        "content/commitments/new-zealand.yaml:1:1: error[no-keys]: there is nothing where keys are to be; write 'key: value' lines; the keys are member, commitments",
    ),
    (
        "empty file of a figure",
        BY_YEAR,
        "",
        "content/figures/by-year.yaml:1:1: error[no-keys]: there is nothing where keys are to be; write 'key: value' lines; the keys are title, kind, alt, data, count, unit, axis, caption",
    ),
    (
        "empty section",
        SECTION,
        "",
        "content/sections/introduction.md:1:1: error[no-front-matter]: the file does not begin with front matter; begin it with a line '---', a line 'title: …' and a line '---'",
    ),
    (
        "links without links",
        LINKS,
        (
            "links:\n  network:\n    status: original\n    url: https://example.org/network\n",
            "links:\n",
        ),
        "content/links.yaml:4:7: error[no-value]: 'links' has no value; fill it in",
    ),
    (
        "bad report: references to it are left alone",
        REPORT,
        ("slug: clear-rivers", "slug clear-rivers"),
        "content/report.yaml:3:9: error[invalid-yaml]: this is not valid YAML (there is a colon where no key can end); quote a text that holds ': ', or correct the line above: its colon, its indentation",
    ),
    (
        "bad pillars: references to them are left alone",
        PILLARS,
        ("measure:", "measure"),
        "content/pillars.yaml:3:8: error[invalid-yaml]: this is not valid YAML (there is a colon where no key can end); quote a text that holds ': ', or correct the line above: its colon, its indentation",
    ),
    (
        "bad regions: references to them are left alone",
        REGIONS,
        ("upstream:", "upstream"),
        "content/regions.yaml:3:7: error[invalid-yaml]: this is not valid YAML (there is a colon where no key can end); quote a text that holds ': ', or correct the line above: its colon, its indentation",
    ),
    (
        "bad members: references to them are left alone",
        MEMBERS,
        ("auckland:", "auckland"),
        "content/members.yaml:3:7: error[invalid-yaml]: this is not valid YAML (there is a colon where no key can end); quote a text that holds ': ', or correct the line above: its colon, its indentation",
    ),
    (
        "bad links: references to them are left alone",
        LINKS,
        ("links:", "links"),
        "content/links.yaml:4:1: error[invalid-yaml]: this is not valid YAML (there is no colon behind a key); write 'key: value'",
    ),
    (
        "bad records: references to them are left alone",
        SWITZERLAND,
        ("member: switzerland", "member switzerland"),
        "content/commitments/switzerland.yaml:2:12: error[invalid-yaml]: this is not valid YAML (there is a colon where no key can end); quote a text that holds ': ', or correct the line above: its colon, its indentation",
    ),
    (
        "bad section: references to it are left alone",
        SECTION,
        ("title: Introduction", "title Introduction"),
        "content/sections/introduction.md:2:1: error[wrong-type]: the file is not a mapping but 'title Introduction'; write 'key: value' lines, each key from the same column on",
    ),
]

BYTES: list[Case] = [
    (
        "Windows-1252 in YAML",
        SWITZERLAND,
        (b"Open the old", "Öpen the old".encode("cp1252")),
        "content/commitments/switzerland.yaml:11:12: error[invalid-utf8]: byte 0xD6 is not valid UTF-8; save the file with the encoding UTF-8",
    ),
    (
        "Windows-1252 in Markdown",
        SECTION,
        (b"Markdown below", "Märkdown below".encode("cp1252")),
        "content/sections/introduction.md:5:21: error[invalid-utf8]: byte 0xE4 is not valid UTF-8; save the file with the encoding UTF-8",
    ),
    (
        "Windows-1252 in CSV",
        TABLE,
        "year,Flüsse\n2024,12\n".encode("cp1252"),
        "content/figures/clean-rivers.csv:1:8: error[invalid-utf8]: byte 0xFC is not valid UTF-8; save the file with the encoding UTF-8",
    ),
    (
        "Windows-1252 behind a byte order mark",
        TABLE,
        b"\xef\xbb\xbf" + "year,Clean rivers\nfrüh,12\n".encode("cp1252"),
        "content/figures/clean-rivers.csv:2:3: error[invalid-utf8]: byte 0xFC is not valid UTF-8; save the file with the encoding UTF-8",
    ),
    (
        "Windows-1252 with the line ends of an old Mac",
        TABLE,
        "year,Clean rivers\rfrüh,12\r".encode("cp1252"),
        "content/figures/clean-rivers.csv:2:3: error[invalid-utf8]: byte 0xFC is not valid UTF-8; save the file with the encoding UTF-8",
    ),
    (
        "UTF-16",
        TABLE,
        "year,Clean rivers\n2024,12\n".encode("utf-16"),
        "content/figures/clean-rivers.csv:1:1: error[invalid-utf8]: byte 0xFF is not valid UTF-8; save the file with the encoding UTF-8",
    ),
    (
        "NUL in YAML",
        SWITZERLAND,
        (b"Open the", b"Open\x00the"),
        "content/commitments/switzerland.yaml:11:16: error[control-character]: U+0000 is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
    (
        "bell in Markdown",
        SECTION,
        (b"Records stand", b"Records\x07 stand"),
        "content/sections/introduction.md:9:8: error[control-character]: U+0007 is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
    (
        "escape in CSV",
        TABLE,
        b"year,Clean rivers\n2024,\x1b[31m12\n",
        "content/figures/clean-rivers.csv:2:6: error[control-character]: U+001B is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
    (
        "C1 control",
        SECTION,
        ("Records stand", "Records\x80 stand"),
        "content/sections/introduction.md:9:8: error[control-character]: U+0080 is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
    (
        "line separator of Unicode",
        SECTION,
        ("Records stand", "Records\u2028stand"),
        "content/sections/introduction.md:9:8: error[control-character]: U+2028 is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
    (
        "byte order mark within a file",
        TABLE,
        "year,Clean rivers\n\ufeff2024,12\n",
        "content/figures/clean-rivers.csv:2:1: error[control-character]: U+FEFF is a sign that can't be seen and has no place in a text; delete it, or type what should stand there",
    ),
]


def summary(lines: list[str]) -> str:
    """Give the line that comes last: how many errors and warnings there are."""
    counts = [sum(f": {kind}[" in line for line in lines) for kind in ("error", "warning")]
    told = [
        f"{n or 'no'} {kind}{'' if n == 1 else 's'}"
        for n, kind in zip(counts, ("error", "warning"), strict=True)
    ]
    return f"content: {', '.join(told)}"


MISTAKES = [
    *KEYS_AND_VALUES,
    *PARTS,
    *MEMBERS_AND_REGIONS,
    *COMMITMENTS,
    *LINKS_AND_PROSE,
    *SECTIONS,
    *FIGURES_AND_TABLES,
    *YAML,
    *BYTES,
]


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case[0])
def test_one_mistake(workspace: Workspace, case: Case) -> None:
    _, file, edit, *lines = case
    workspace.edit(file, edit)
    result = workspace.run("check")
    assert result.output.splitlines() == [*lines, summary(lines)]
    assert result.exit_code == (1 if any(": error[" in line for line in lines) else 0)


GOOD: list[Case] = [
    ("nothing changed", REPORT, ("title: Clear Rivers\n", "title: Clear Rivers\n")),
    ("byte order mark in YAML", PILLARS, ("# The themes", "\ufeff# The themes")),
    ("byte order mark in Markdown", SECTION, ("---\ntitle", "\ufeff---\ntitle")),
    ("byte order mark in CSV", TABLE, "\ufeffyear,Clean rivers\n2024,64\n"),
    (
        "line ends of Windows in YAML",
        REGIONS,
        b"upstream:\r\n  name: Up\r\ndownstream:\r\n  name: Down\r\n",
    ),
    ("line ends of Windows in CSV", TABLE, b"year,Clean rivers\r\n2024,64\r\n"),
    ("line ends of an old Mac", TABLE, b"year,Clean rivers\r2024,64\r"),
    ("no line end at the end", TABLE, "year,Clean rivers\n2024,64"),
    ("empty lines and rows", TABLE, "\nyear,Clean rivers\n\n,\n2024,64\n \n"),
    ("semicolons between cells", TABLE, "year;Clean rivers\n2024;64\n"),
    ("semicolons below an empty line", TABLE, "\nyear;Clean rivers\n2024;64\n"),
    ("a gap, a sign, an exponent", TABLE, "year,Clean rivers\n2022,\n2023,-1.5\n2024,+6.4e1\n"),
    ("a head over two lines", TABLE, 'year,"Clean\nrivers"\n2024,64\n'),
    ("emoji", SWITZERLAND, ("Open the old river arms", "Open the old river arms 🏞️👩‍👩‍👧")),
    (
        "right-to-left text with its marks",
        SWITZERLAND,
        ("Open the old river arms", "\u200fفتح الأنهار\u200f"),
    ),
    ("accents typed apart", SECTION, ("title: Introduction", "title: Introductio\u0301n")),
    ("no is a text", MEMBERS, ("name: Switzerland", "name: no")),
    ("a date is a text", MEMBERS, ("name: Switzerland", "name: 2021-12-01")),
    ("a number in base 60 is a text", MEMBERS, ("name: Switzerland", "name: 12:30:45")),
    ("a number with a leading zero is a text", MEMBERS, ("name: Switzerland", "name: 007")),
    (
        "an optional key without a value",
        REPORT,
        ("subtitle: What river towns have promised, and where they stand", "subtitle:"),
    ),
    ("a link with a title", SECTION, ("(network)", '(network "The network")')),
    (
        "a public address as a link",
        SECTION,
        ("does.", "does. [a](https://example.org/a_(b)) <mailto:a@example.org>"),
    ),
    (
        "links to all kinds of things",
        SECTION,
        (
            "does.",
            "does. [a](member:auckland) [b](pillar:restore) [c](section:introduction) [d](figure:map)",
        ),
    ),
    ("signs that are escaped", SECTION, ("does.", r"does. 1 \< 2, \[a](b) and 3 < 4")),
    ("a list", SECTION, ("Records stand", "1. one\n2. two *three*\n\n- a\n- b\n\nRecords stand")),
    ("headings", SECTION, ("Records stand", "## One\n\n### Two\n\n## Three\n\nRecords stand")),
    (
        "a pull-out across lines",
        SECTION,
        ("> every number is a record that", "> every number is a\n> *record* that"),
    ),
    ("a comment", PILLARS, ("measure:", "# first\nmeasure: # second")),
]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case[0])
def test_no_mistake(workspace: Workspace, case: Case) -> None:
    _, file, edit, *_ = case
    workspace.edit(file, edit)
    assert workspace.check("--strict") == "content: no errors, no warnings\n"


def test_line_ends_of_windows_in_markdown(workspace: Workspace) -> None:
    path = workspace.root / SECTION
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert workspace.check() == "content: no errors, no warnings\n"


def test_many_mistakes_are_told_at_once_in_the_order_of_their_places(workspace: Workspace) -> None:
    workspace.edit(REPORT, ("language: en", "language: xx"))
    workspace.edit(PILLARS, ("  title: Measure", "  titel: Measure"))
    workspace.edit(
        SWITZERLAND, ("    year: 2022\n    pillar: measure", "    year: MMXXII\n    pillar: 1")
    )
    workspace.edit(SWITZERLAND, ("id: CH002", "id: CH2"))
    workspace.edit(SECTION, ("a section:", "a <b>section:"))
    workspace.edit(SECTION, ("(commitment:CH001)", "(commitment:FR001)"))
    workspace.edit(TABLE, "year,Clean rivers\n2024,a\n2024,b\n")
    workspace.edit(LINKS, b"\xff")
    result = workspace.run("check")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "content/commitments/switzerland.yaml:4:11: error[wrong-type]: 'year' is not a whole number but 'MMXXII'; write digits only, without quotation marks",
        "content/commitments/switzerland.yaml:5:13: error[wrong-type]: 'pillar' is not a text but 1; put it in quotation marks",
        "content/commitments/switzerland.yaml:8:9: error[id-form]: the id 'CH2' has not the form of an id of 'switzerland'; write it as CH000, with a digit for each 0",
        "content/figures/clean-rivers.csv:2:6: error[not-a-number]: 'a' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/figures/clean-rivers.csv:3:1: error[csv-row-name]: the row '2024' stands here a second time (first in line 2); give each row a name of its own in the first column",
        "content/figures/clean-rivers.csv:3:6: error[not-a-number]: 'b' in the column 'Clean rivers' is not a number; write digits with a decimal point and no sign of unit, such as 12.5",
        "content/links.yaml:1:1: error[invalid-utf8]: byte 0xFF is not valid UTF-8; save the file with the encoding UTF-8",
        "content/pillars.yaml:3:3: error[unknown-key]: the key 'titel' is not known here; did you mean 'title'?",
        "content/report.yaml:3:11: error[unknown-language]: 'xx' is not a language whose rules are known (CLDR); write a language tag, such as en or pt-BR",
        "content/sections/introduction.md:5:11: error[raw-html]: '<b>' is HTML, which has no form in a report; write it as Markdown; for the sign itself write '\\<'",
        "content/sections/introduction.md:5:179: error[unknown-commitment]: there is no commitment 'FR001'; did you mean 'NZ001'?",
        "content: 11 errors, no warnings",
    ]


def test_a_misspelt_file_is_told_before_a_build_is_missed(workspace: Workspace) -> None:
    (workspace.root / SWITZERLAND).rename(workspace.root / "content/commitments/switzerland.yml")
    workspace.edit(SECTION, (", or to a record, as [the first one](commitment:CH001) does", ""))
    assert workspace.run("check", "--strict").output.splitlines() == [
        "content/commitments/switzerland.yml:1:1: warning[stray-file]: nothing reads this file; let its name end in '.yaml', or take it out of content/commitments",
        "content: no errors, 1 warning",
    ]


# Files that are no files


def test_a_file_that_is_missing(workspace: Workspace) -> None:
    (workspace.root / LINKS).unlink()
    assert workspace.check().splitlines() == [
        "content/links.yaml:1:1: error[unreadable-file]: the file can't be read (No such file or directory); make sure that it is there and may be read",
        "content: 1 error, no warnings",
    ]


def test_a_file_that_is_a_folder(workspace: Workspace) -> None:
    (workspace.root / LINKS).unlink()
    (workspace.root / LINKS).mkdir()
    assert workspace.check().splitlines() == [
        "content/links.yaml:1:1: error[unreadable-file]: the file can't be read (Is a directory); make sure that it is there and may be read",
        "content: 1 error, no warnings",
    ]


def test_a_file_that_may_not_be_read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    # The superuser may read all, and tests are often run by it.
    read = Project.read

    def refuse(project: Project, path: PurePosixPath | str) -> bytes:
        if str(path) == LINKS:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read(project, path)

    monkeypatch.setattr(Project, "read", refuse)
    assert workspace.check().splitlines() == [
        "content/links.yaml:1:1: error[unreadable-file]: the file can't be read (Permission denied); make sure that it is there and may be read",
        "content: 1 error, no warnings",
    ]


def test_a_link_to_itself(workspace: Workspace) -> None:
    for file in (LINKS, TABLE, "content/images/loop.png"):
        path = workspace.root / file
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(path.name)
    workspace.append(SECTION, "\n![A loop](images/loop.png)\n")
    output = workspace.check().splitlines()
    # The system's own words differ from one to the other.
    assert output.pop(1).startswith(
        "content/links.yaml:1:1: error[unreadable-file]: the file can't be read ("
    )
    assert output == [
        "content/figures/clean-rivers.yaml:4:7: error[missing-file]: there is no file 'content/figures/clean-rivers.csv' in the project; put the CSV file beside this one, or correct its name",
        "content/sections/introduction.md:17:1: error[missing-image]: there is no image 'content/images/loop.png' in the project; put the file into content/images and write images/NAME",
        "content: 3 errors, no warnings",
    ]


def test_links_out_of_the_project_are_not_followed(workspace: Workspace) -> None:
    outside = workspace.root.parent / "outside"
    outside.write_text("year,Clean rivers\n2024,64\n")
    for file in (TABLE, "content/images/bank.png", "content/sections/secret.md"):
        path = workspace.root / file
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(outside)
    workspace.append(SECTION, "\n![A bank](images/bank.png)\n")
    assert workspace.check().splitlines() == [
        "content/figures/clean-rivers.yaml:4:7: error[missing-file]: there is no file 'content/figures/clean-rivers.csv' in the project; put the CSV file beside this one, or correct its name",
        "content/sections/introduction.md:17:1: error[outside-project]: the image 'images/bank.png' lies outside of the project; put the file into content/images and write images/NAME",
        "content/sections/secret.md:1:1: error[outside-project]: the file lies outside of the project; move it into the project's folder",
        "content: 3 errors, no warnings",
    ]


def test_images(workspace: Workspace) -> None:
    workspace.edit("content/images/räin bow.png", encoded("RGB", "PNG"))
    workspace.append(
        SECTION,
        "\n![A bank](<images/räin bow.png>)\n\n![](<images/räin bow.png>)\n\n![ ](images)\n",
    )
    assert workspace.check().splitlines() == [
        "content/sections/introduction.md:19:1: error[missing-alt]: the image 'images/räin bow.png' has no alternative text; say between the square brackets what it shows, for a reader who can't see it",
        "content/sections/introduction.md:21:1: error[missing-alt]: the image 'images' has no alternative text; say between the square brackets what it shows, for a reader who can't see it",
        "content/sections/introduction.md:21:1: error[missing-image]: there is no image 'content/images' in the project; put the file into content/images and write images/NAME",
        "content: 3 errors, no warnings",
    ]


# Files with strange names


def test_a_name_that_a_terminal_would_obey_stays_in_its_line(workspace: Workspace) -> None:
    workspace.edit("content/figures/\x1b[31m\n.yaml", "title: Red\n")
    assert workspace.check().splitlines() == [
        "content/figures/\\x1b[31m\\n.yaml:1:1: error[missing-key]: the key 'alt' is missing; add 'alt: …' to this entry",
        "content/figures/\\x1b[31m\\n.yaml:1:1: error[missing-key]: the key 'kind' is missing; add 'kind: …' to this entry",
        "content: 2 errors, no warnings",
    ]


def test_a_name_that_is_not_unicode(workspace: Workspace) -> None:
    name = os.fsdecode(b"content/figures/caf\xe9.yaml")
    try:
        workspace.edit(name, "")
    except OSError:
        pytest.skip("the file system takes Unicode names only")
    told = "content/figures/caf\\udce9.yaml:1:1: error[no-keys]: "
    assert workspace.check().startswith(told)
    assert json.loads(workspace.run("check", "--format", "json").stdout_bytes)[0]["line"] == 1
    assert "caf\\udce9.yaml" in workspace.check("--format", "github")


def test_github_gets_no_sign_that_a_terminal_would_obey(workspace: Workspace) -> None:
    workspace.edit("content/figures/\x1b[31m\n.yaml", "title: Red\n")
    first = workspace.check("--format", "github").splitlines()[0]
    assert first.startswith("::error file=content/figures/\\x1b[31m%0A.yaml,line=1,")


def test_text_that_would_turn_a_line_round_is_escaped(workspace: Workspace) -> None:
    workspace.edit(FIGURE, ("kind: line", 'kind: "\\u202Eenil"'))
    assert workspace.check().startswith(
        r"content/figures/clean-rivers.yaml:3:7: error[invalid-value]: '\u202eenil' is not a value"
    )


# Sizes


def test_a_line_of_ten_megabytes(workspace: Workspace) -> None:
    long = "a" * 10_000_000
    workspace.edit(TABLE, f"year,{long}\n2024,1\n")
    workspace.edit(FIGURE, ("kind: line", f"kind: {long}"))
    workspace.edit(SWITZERLAND, ("    year: 2022", f"    year: 2022\n    {long}"))
    started = time.perf_counter()
    output = workspace.check()
    assert time.perf_counter() - started < 20
    assert len(output) < 2000
    assert output.endswith("content: 2 errors, no warnings\n")


def test_thousands_of_mistakes(workspace: Workspace) -> None:
    records = "".join(
        f"  - id: NZ{n:03}\n    year: 1999\n    pillar: p{n}\n    title: '[a](l{n})'\n    summary: <b>\n"
        for n in range(1000)
    )
    workspace.edit(NEW_ZEALAND, f"member: new-zealand\ncommitments:\n{records}")
    workspace.edit(TABLE, "year,Clean rivers\n" + "".join(f"{n},x\n" for n in range(3000)))
    output = workspace.check().splitlines()
    assert output[-1] == "content: 7000 errors, no warnings"
    assert len(output) == 7001


# The command


def test_formats_tell_the_same(workspace: Workspace) -> None:
    workspace.edit(BY_YEAR, ("kind: column", "kind: |\n  100%: a,b"))
    workspace.edit(TABLE, "year,Clean rivers\n")
    result = workspace.run("check", "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.output) == [
        {
            "severity": "error",
            "code": "invalid-value",
            "path": "content/figures/by-year.yaml",
            "line": 2,
            "column": 7,
            "message": "'100%: a,b\n' is not a value for 'kind'",
            "hint": "write one of column, bar, line, map",
        },
        {
            "severity": "warning",
            "code": "data-missing",
            "path": "content/figures/clean-rivers.csv",
            "line": 2,
            "column": 1,
            "message": "the numbers of the figure 'clean-rivers' are to be supplied",
            "hint": "fill this file in (year, Clean rivers); the page has a panel until then",
        },
    ]
    result = workspace.run("check", "--format", "github")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "::error file=content/figures/by-year.yaml,line=2,col=7,title=invalid-value::'100%25: a,b%0A' is not a value for 'kind'; write one of column, bar, line, map",
        "::warning file=content/figures/clean-rivers.csv,line=2,col=1,title=data-missing::the numbers of the figure 'clean-rivers' are to be supplied; fill this file in (year, Clean rivers); the page has a panel until then",
    ]


def test_github_escapes_a_path(workspace: Workspace) -> None:
    workspace.edit("content/figures/100%:a,b.yaml", "title: Map\n")
    assert workspace.check("--format", "github").splitlines() == [
        "::error file=content/figures/100%25%3Aa%2Cb.yaml,line=1,col=1,title=missing-key::the key 'alt' is missing; add 'alt: …' to this entry",
        "::error file=content/figures/100%25%3Aa%2Cb.yaml,line=1,col=1,title=missing-key::the key 'kind' is missing; add 'kind: …' to this entry",
    ]


def test_a_good_report_in_all_formats(workspace: Workspace) -> None:
    assert workspace.check() == "content: no errors, no warnings\n"
    assert json.loads(workspace.check("--format", "json")) == []
    assert workspace.check("--format", "github") == ""


def test_strict_takes_warnings_for_errors(workspace: Workspace) -> None:
    workspace.edit(TABLE, "year,Clean rivers\n")
    assert workspace.run("check").exit_code == 0
    for form in ("text", "json", "github"):
        assert workspace.run("check", "--strict", "--format", form).exit_code == 1


def test_nothing_is_written(workspace: Workspace) -> None:
    before = sorted(workspace.root.rglob("*"))
    workspace.check()
    assert sorted(workspace.root.rglob("*")) == before


@pytest.mark.parametrize("within", ["content", "content/sections"])
def test_from_a_folder_of_the_project(workspace: Workspace, within: str) -> None:
    workspace.edit(FIGURE, ("kind: line", "kind: lines"))
    result = workspace.run("check", within=within)
    assert result.exit_code == 1
    assert result.output.startswith("content/figures/clean-rivers.yaml:3:7: error[invalid-value]")


def test_project_before_and_after_the_command(workspace: Workspace, tmp_path: Path) -> None:
    elsewhere = Workspace(tmp_path)
    for arguments in (("--project", "report", "check"), ("check", "--project", "report")):
        result = elsewhere.run(*arguments)
        assert (result.exit_code, result.output) == (0, "content: no errors, no warnings\n")
    result = workspace.run("--project", "nowhere", "check", "--project", ".")
    assert (result.exit_code, result.output) == (0, "content: no errors, no warnings\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("check",),
            "no content/report.yaml in {tmp} or in a folder above it; give --project DIR, or start a report: reportgen init DIR",
        ),
        (
            ("check", "--project", "report/content"),
            "report/content holds no content/report.yaml; the report around it is {tmp}/report",
        ),
        (
            ("check", "--project", "nowhere"),
            "no content/report.yaml in {tmp}/nowhere or in a folder above it; give --project DIR, or start a report: reportgen init DIR",
        ),
        (
            ("check", "--project", "report/content/report.yaml"),
            "Invalid value for '--project': Directory 'report/content/report.yaml' is a file.",
        ),
        (("check", "--projekt", "report"), "No such option '--projekt'. Did you mean '--project'?"),
        (
            ("check", "--format", "xml"),
            "Invalid value for '--format': 'xml' is not one of 'text', 'json', 'github'.",
        ),
        (("check", "report"), "Got unexpected extra argument (report)"),
    ],
)
def test_a_wrong_command(
    workspace: Workspace, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    assert workspace.root == tmp_path / "report"
    result = Workspace(tmp_path).run(*arguments)
    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == f"Error: {message.format(tmp=tmp_path)}"
