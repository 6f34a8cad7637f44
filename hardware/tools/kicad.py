#!/usr/bin/python3
"""What only KiCad itself can do with a board, by its own Python interface (KiCad 6 of Debian 12 and later).

kicad.py drc BOARD REPORT    the design rule check, with the rules of the project beside the board
kicad.py plot BOARD FOLDER   Gerber and drill files
"""

import os
import sys

import pcbnew

LAYERS = {
    "F_Cu": pcbnew.F_Cu,
    "B_Cu": pcbnew.B_Cu,
    "F_Mask": pcbnew.F_Mask,
    "B_Mask": pcbnew.B_Mask,
    "F_Silkscreen": pcbnew.F_SilkS,
    "B_Silkscreen": pcbnew.B_SilkS,
    "Edge_Cuts": pcbnew.Edge_Cuts,
}


def drc(board, report):
    return pcbnew.WriteDRCReport(board, report, pcbnew.EDA_UNITS_MILLIMETRES, True)


def plot(board, folder):
    controller = pcbnew.PLOT_CONTROLLER(board)
    options = controller.GetPlotOptions()
    options.SetOutputDirectory(os.path.abspath(folder))
    options.SetSubtractMaskFromSilk(True)
    for name, layer in LAYERS.items():
        controller.SetLayer(layer)
        if not controller.OpenPlotfile(name, pcbnew.PLOT_FORMAT_GERBER, name) or not controller.PlotLayer():
            return False
    controller.ClosePlot()
    drill = pcbnew.EXCELLON_WRITER(board)
    drill.SetFormat(True)
    mirrored, minimal_header, plated_and_not_in_one = False, False, True
    drill.SetOptions(mirrored, minimal_header, board.GetDesignSettings().GetAuxOrigin(), plated_and_not_in_one)
    drill.CreateDrillandMapFilesSet(os.path.abspath(folder), True, False)
    return True


def main():
    jobs = {"drc": drc, "plot": plot}
    if len(sys.argv) != 4 or sys.argv[1] not in jobs:
        sys.exit(__doc__)
    _, job, board, target = sys.argv
    if not jobs[job](pcbnew.LoadBoard(board), target):
        sys.exit(f"{job} of {board} failed")


main()
