"""The integration tier: test modules that use public items only, moved into the test target ``it``.

A module is promoted only if each name in it is shown to lead, by a public path, to the definition it meant
before; if nothing in it or in the library depends on the test build or on the process; and if rustc agrees.
In doubt it is not.
"""
