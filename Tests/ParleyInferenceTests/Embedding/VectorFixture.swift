internal import Foundation

/// Texts and their vectors from ONNX Runtime 1.32 with mean pooling, as signed bytes (value * 127 / largest) in base 64.
let vectorFixture: [(text: String, vector: String)] = [
    (
        "The refund policy allows returns within 30 days of purchase.",
        """
        1gwsEiAP9/7cJT4dAcbi4/ID/AMVywzpKCzfC9r8KPrJ3eElzMbyA7kw7SYl5RL/UCEGF9IN9EH1CP/hIqXa1efSy+Pq7x3X9QwEPQgY4QbuKSHQMefmVzoQ\
        AvD919TeEA4LCSUQ3PkNtRExvAHd70kQCSWl6CC/DVhH3Pv8HwDCLNfDBvtY4hT67CL//9U1CU/81ffRLvEXkuwZKPU0NxfkExor//X0APD7C+vF+fvr7gkl\
        DxHwEwco0fs13SP6tQkLE9ggMyj70jTe8N8FzQHP3iHwDyPFEsrGriEXYAA+6QIJuP/vfwEL4/RBBgcYE9Ir+EnYJRW+GvnhDNoN4tshTcPR6hMlMPoY+xT5\
        DNdG3O/yL+nmCU3m8Rfs3gASCQwq01/y9vfO8hUr8wb6ICEcGhhGycTOIC0e2R8p9QAHFFFDG+kX/Pe/KAz1E/PAEvEb9/XjQwLSGiso6AP2DQom1dEp+gH8\
        J/IR2gr43eQ5+ff/7ODr3+Ya+Pnh6APs
        """
    ),
    (
        "How do I get my money back?",
        """
        8yb1+eD2MuME9PfkBMXfzwBT9NLH+7UAW0rfG7nYIgnb0w0x0twBG8/fHvYqCQ9RQyYdsuJJ0Sl4WAPZEADyE8n45gHZ/VHo+vkUQgISByz5x+MXNQMkMyby\
        GhUF/djON+orIRTkGshu+jZCJuHLGyhGDQjm+/y1A23l+eLwGwDEKg7TKfQw2sEvCDYH6sYR8NYQLA4WGe8C9snpFO4xHlPt4u0k7r/r6Bjn9BMUCfzi9QEG\
        9ynAwu0Pxc5G1xID1eo3+M8OACwkQwP8687U5OPE9ygWNu/lDL2QphvJAwAQ1gblz+jpT/YqEQcy7UHh9fUY4AYgRQ/h+woM8gsT5fVMKNTz778AEh0NDAz0\
        DfY999W9YQ/+JFvU8Qbo9vQaBw4XwDHn7n9B+UE46Q8DCl0JIM4XAPvi784f+yQ68wDl+zYLNd/kJeq/3fL38PjRAtAqFbz3+b7/+CFeFw/F6u33lrEcEgH4\
        FxTg6wkm6eEu08DkP+rP4+4HzPPuuwbw
        """
    ),
    (
        "Wie setze ich mein Passwort zurück?",
        """
        ATn0IsJEYBjiAB/YOeH2ALQo3hn3/E0UxOE48Q66GBWmFtLaB+zbJ64V2xIPR+4l9ADT6jUiC9kIDhPvAsf+D+30Ke3IIQf2Gdrv1f311vnwBvHxSw4cERoV\
        5cSdCNf3MroUNzXWPzT+/ib3/DIQ/9riJh1H/9HPCVUC9dEBDgDuzrYj3eSiFPMrE7EJ5B36Fcsf0N4IGurv3UXLzANC28cM3xL1DjXpNcTR90H3AwosIKET\
        x+z3Mur66tkOvc0L5esH5yAFkOP+OgMa60cr+98R7R845QHr7E//CizrBwDzMxlZKAPKH84Y2wYk5BwDKRHq5JkOA9bVJyFMCBngAQYYGOAIEtxcuSGI+gQZ\
        q70i8yQtKrUU4vjDIx4mci3TIQK6+wQ8IwdN4+TLByfwKSUOB/8O8vEB7eMZM9b5/AAHAtr7A8no/bYBCzoQUdLozu4BDT7m4s8BGgcFA+MldfMRiOAIHsp/\
        MhAXA+PhADscF9U8LjYeWQfJs/brEO/P
        """
    ),
    (
        String(repeating: "Cells divide. ", count: 60),
        """
        5OgO3/EqBdoUHSy+HCQAD+NPiyYf5x0E/hjvxwTPBzAaM735DPVIE9XB+BUdG+WmAOu+CNQuyDcZOzQIwe36N/312iO0EDxPHzocHAcQFAHNCBz+08D858/R\
        9TEeKAgI1wIOxBw18+fl1Oz/KR4G6vka8Anr9T0WMgDyNjwiIQDx9E5hHMXZ+sY30QrcQusA5s8PFPfb8CMG5f7Y8xj1yRvnCSDdN+fX7NTR1xne3fQj7S3q\
        LQ4LQwcC0zLf+ucpAua/B/AO6970ExopDsnbFObq7MTx4v7S4P8W1C/qCQD5TeRGCd775xxD+SrjCOf8KQghSaPn4znRF/UgQQXWgSHN9LjWsRzD+eDN9Cy1\
        JjK8B9EBzewn/Rb28erEHPoSwAP9TCQE7GDU5xULBRcX7Gu+/iLnHSgX2+ID5fsTBQAOI+/eJgg6AfIA9xXgDDb8yc/8EtHzKnouz6jbH88UC7v9BAPpxzwW\
        FwwG6fsRMtjOBrkr1NX+/bwVFPI0LOrj
        """
    ),
]

extension [Float] {
    /// The vector that a fixture holds; empty when the text is damaged.
    init(fixture: String) {
        self = (Data(base64Encoded: fixture) ?? Data()).map { Float(Int8(bitPattern: $0)) }
    }

    /// 1 for vectors of one direction.
    func cosine(_ other: [Float]) -> Float {
        func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        return count == other.count ? product(self, other) / (product(self, self) * product(other, other)).squareRoot() : 0
    }
}
