"""Names inside quotation marks."""

import pytest
from django.utils.translation import override

from network_platform.quoting import inside_quotes


@pytest.mark.once
@pytest.mark.parametrize(
    ("language", "name", "inside"),
    [
        ("ru", "Инкубатор «Сулайман-Тоо»", "Инкубатор „Сулайман-Тоо“"),
        ("ru", 'ОсОО "Арча" и "Ала-Тоо"', "ОсОО „Арча“ и „Ала-Тоо“"),
        ("ru", "Арча", "Арча"),
        ("en", "Incubator “Archa”", "Incubator ‘Archa’"),
        ("en", 'Incubator "Archa"', "Incubator ‘Archa’"),
        ("en", "Инкубатор «Арча»", "Инкубатор «Арча»"),
        ("en", '24" hub', '24" hub'),
    ],
)
def test_marks_of_a_name_become_the_inner_ones(language: str, name: str, inside: str) -> None:
    with override(language):
        assert inside_quotes(name) == inside
