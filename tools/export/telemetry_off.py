"""
Turns off what libraries of the export would send to their vendors. ONNX Runtime reads its variable when it loads, so this
module is imported before it; whatever the environment said before is overwritten.
"""

import os

os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_TELEMETRY="1")
