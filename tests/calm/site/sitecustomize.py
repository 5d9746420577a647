from importlib import import_module

import_module("resting")  # beside this file
