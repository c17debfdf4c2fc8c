import Testing

@testable import ParleyInference

@Suite struct ReasoningReaderTests {
    private struct Read: Equatable {
        var text = ""
        var reasoning = ""
        var withdrawals = 0
        var form = ReasoningForm.unknown
    }

    /// Reads the reply in pieces of so many characters.
    private func read(_ reply: String, by size: Int = 1, _ form: ReasoningForm = .unknown, isCut: Bool = false) -> Read {
        var reader = ReasoningReader(form)
        var pieces: [ReasoningReader.Piece] = []
        var rest = reply[...]
        while !rest.isEmpty {
            pieces += reader.add(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        var read = Read()
        for piece in pieces + reader.finish(isCut: isCut) {
            switch piece {
            case .text(let text): read.text += text
            case .reasoning(let text): read.reasoning += text
            case .withdrawn: (read.text, read.withdrawals) = ("", read.withdrawals + 1)
            }
        }
        read.form = reader.form
        return read
    }

    private static let answer = "The harbour opens at six."
    private static let thought = "It opens at ten, maybe."

    @Test(arguments: [
        "<think>\n$\n</think>\n\n@", "<thinking>$</thinking>@", "<THINK>$</THINK>\n@", "<think time=\"3\">$</think>@",
        "  <thought>$</thought> @",
        "<reasoning>$</reasoning>@", "<seed:think>$</seed:think>@", "<longcat_think>$</longcat_think>@", "<antThinking>$</antThinking>@",
        "<|begin_of_thought|>$<|end_of_thought|><|begin_of_solution|>@<|end_of_solution|>",
        "<|START_THINKING|>$<|END_THINKING|><|START_RESPONSE|>@<|END_RESPONSE|>",
        "[THINK]$[/THINK]@", "◁think▷$◁/think▷@", "<|inner_prefix|>$<|inner_suffix|>@", "<scratchpad>$</scratchpad>\n\n@",
        "<|channel|>analysis<|message|>$<|end|><|start|>assistant<|channel|>final<|message|>@<|return|>",
        "<|start|>assistant<|channel|>analysis<|message|>$<|end|><|start|>assistant<|channel|>final<|message|>@",
        "<|channel>thought\n$<channel|>@", "analysis$ assistantfinal@", "Here is my thought process:\n\n$\n\nHere is my response:\n\n@",
        "<think>$</think><answer>@</answer>", "<think>$\n<answer>@</answer>",
        "<details type=\"reasoning\" done=\"true\">\n$\n</details>\n@",
        "$\n</think>\n\n@", "$</think>@", "$\n[/THINK]\n@", "<think>$</thinking>@", "@<|im_end|>", "@</s>", "<think></think>@",
        "<|im_start|>assistant\n<think>$</think>@<|im_end|>",
        "<|start_header_id|>assistant<|end_header_id|>\n\n@<|eot_id|>", "<start_of_turn>model\n@<end_of_turn>",
        "<|thinking|>$<|/thinking|>@",
        "<think/>@",
        "<think>$</think>@<|im_end|>", "<think>$</think><|begin_of_box|>@<|end_of_box|>",
    ])
    /// `$` stands for what it thinks, `@` for the answer.
    func theAnswerAloneIsText(_ form: String) {
        let written = form.replacing("$", with: Self.thought).replacing("@", with: Self.answer)
        for size in [1, 2, 3, 5, 7, 1000] {
            let found = read(written, by: size)
            #expect(found.text == Self.answer && found.withdrawals == 0, "\(size): \(written) gave \(found)")
        }
    }

    @Test func whatIsNeverClosedIsNoText() {
        #expect(read("<think>\n" + Self.thought).text.isEmpty)
        #expect(read("<|channel|>analysis<|message|>" + Self.thought).text.isEmpty)
        #expect(read("<think>" + Self.thought, isCut: true).reasoning == Self.thought)
    }

    @Test func severalThoughtsMayStandInOneAnswer() {
        let found = read("<think>a</think>It opens at six. <think>b</think> It closes at ten.")
        #expect(found.text == "It opens at six. It closes at ten." && found.reasoning == "ab")
        #expect(read("Well. <think>a</think>It is.").text == "Well. It is.")
    }

    @Test func callsOfToolsAreNoText() {
        #expect(read("<tool_call>\n{\"name\": \"search\"}\n</tool_call>").text.isEmpty)
        #expect(read("[TOOL_CALLS][{\"name\": \"search\"}]").text.isEmpty)
        #expect(read("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>x<｜tool▁call▁end｜><｜tool▁calls▁end｜>").text.isEmpty)
        #expect(read("<function=search>{}</function>").text.isEmpty)
    }

    @Test(arguments: [
        "Use `<think>` and `</think>` around it.", "```html\n<think>\nx\n</think>\n```\nThat is it.", "if a < b and c > d, then [1] holds",
        "<b>bold</b> and <details>more</details>", "An <answer> tag stays.", "Analysis of the case: it opens.", "Here is my answer: six.",
        "[t", "a <", "",
        "The analysis says that it opens.", "<thinker> is a name", "1 < 2 <3",
    ])
    func otherTextStaysAsItIs(_ text: String) {
        for size in [1, 4, 1000] { #expect(read(text, by: size).text == text, "\(size)") }
    }

    @Test func whatWasGivenOutIsWithdrawn() {
        let found = read(Self.thought + "\n</think>\n" + Self.answer, .apart)
        #expect(found.text == Self.answer && found.withdrawals == 1 && found.reasoning == Self.thought + "\n" && found.form == .unopened)
        let held = read(Self.thought + "\n</think>\n" + Self.answer, .unopened)
        #expect(held.text == Self.answer && held.withdrawals == 0)
    }

    @Test func anAnswerCutOffInThoughtIsNoText() {
        #expect(read(Self.thought, .unopened, isCut: true).text.isEmpty)
        #expect(read(Self.answer, .unopened).text == Self.answer, "this time it did not think")
    }

    @Test func whatSoundsLikeThinkingIsNoAnswerWhenItIsCutOff() {
        let cut = read("Okay, the user asks when the harbour opens. Passage 1 says", isCut: true)
        #expect(cut.text.isEmpty && cut.form == .unopened)
        #expect(read("Okay, the harbour opens at six.").text == "Okay, the harbour opens at six.")
        #expect(read(Self.answer, isCut: true).text == Self.answer)
        #expect(read(Self.answer, isCut: true).form == .unknown, "an answer that was cut off tells nothing")
    }

    @Test func aClosingTagThatNothingFollowsClosedNothing() {
        let found = read(Self.answer + "\n</think>\n")
        #expect(found.text == Self.answer + "\n" && found.form == .apart)
    }

    @Test func whatIsKnownOfAModelIsLearnt() {
        #expect(read(Self.answer).form == .apart)
        #expect(read("<think>a</think>" + Self.answer).form == .apart)
        #expect(read("a</think>" + Self.answer).form == .unopened)
    }

    @Test func earlierAnswersLoseTheirThinking() {
        #expect(ReasoningReader.answer(of: "<think>a</think>\nIt is six.") == "It is six.")
        #expect(ReasoningReader.answer(of: " It is [1] six. ") == " It is [1] six. ")
    }

    /// A long reply takes no more than its length, however it is cut.
    @Test(.timeLimit(.minutes(1))) func longRepliesAreReadInTime() {
        let long = String(repeating: "<thi `x` [T ", count: 20_000)
        #expect(read(long, by: 100_000).text == long)
        #expect(read("<think>" + long + "</think>A", by: 1000).text == "A")
    }
}
