"""How training steps are executed: modes, the step, recurrent cells, augmentation, calibration, memory."""
