"""Networks: what they are composed of, how wrong they are, and how they are improved and saved.

This room has everything that a gradient passes through, and nothing that knows of data sets or epochs. Read in this
order: initializers, layers, losses, network, presets, optimizers, schedules, model_file; gradcheck proves derivatives.
"""
