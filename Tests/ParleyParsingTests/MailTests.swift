import Foundation
import ParleyCore
import ParleyTesting
import Testing

@testable import ParleyParsing

@Suite struct MailTests {
    private func outline(_ message: String, _ name: String = "a.eml") async throws -> [String] {
        let document = try await parse(Array(message.utf8), name)
        #expect(document.isSound)
        return document.outline
    }

    @Test func aLetterIsHeadAndText() async throws {
        let message = """
            From: =?utf-8?Q?J=C3=BCrgen_Gro=C3=9F?= <j@example.org>\r
            To: Anna <anna@example.org>,\r
             Bert <bert@example.org>\r
            Date: Wed, 16 Jul 2008 09:24:06 +0300\r
            Subject: =?iso-8859-1?B?R3L832U=?= =?utf-8?B?IGF1cyA=?=\r
             =?utf-8?Q?K=C3=B6ln?=\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Transfer-Encoding: quoted-printable\r
            \r
            Hello Anna,\r
            \r
            the pump in hall 3 stops at 5 bar =E2=80=93 that is a very long line which is =\r
            soft at its end.\r
            \r
            > When does it stop?\r
            > And why?\r
            >> An older one.\r
            \r
            Yours\r
            -- \r
            J=C3=BCrgen\r
            Heron Ltd.\r
            """
        let document = try await parse(Array(message.utf8), "letter.eml")
        #expect(document.isSound && document.title == "Grüße aus Köln")
        #expect(document.metadata.author == "Jürgen Groß <j@example.org>")
        #expect(document.metadata.created == Timestamp(rfc3339: "2008-07-16T06:24:06Z"))
        #expect(
            document.outline == [
                "h1 Grüße aus Köln",
                "p From: Jürgen Groß <j@example.org>\nTo: Anna <anna@example.org>, Bert <bert@example.org>\nDate: Wed, 16 Jul 2008 09:24:06 +0300",
                "p Hello Anna,", "p the pump in hall 3 stops at 5 bar – that is a very long line which is soft at its end.",
                "quote When does it stop?\nAnd why?\n> An older one.", "p Yours", "p Jürgen\nHeron Ltd.",
            ])
        #expect(document.warnings.isEmpty)
    }

    @Test func ofTwoFormsTheRicherIsRead() async throws {
        func message(_ html: String) -> String {
            """
            From: a@example.org
            Subject: Prices
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="b 1"

            Preamble.
            --b 1
            Content-Type: text/plain

            Wood costs 4 euros and steel 7 euros.
            --b 1
            Content-Type: text/html

            \(html)
            --b 1--
            Epilogue.
            """
        }
        #expect(
            try await outline(
                message("<p>Our prices:<table><tr><th>Wood<th>Steel<tr><td>4 euros<td>7 euros</table><blockquote>Quoted</blockquote>")
            ).dropFirst(2)
                == ["p Our prices:", "th Wood | Steel\n4 euros | 7 euros", "quote Quoted"])
        #expect(try await outline(message("<p>See text.")).dropFirst(2) == ["p Wood costs 4 euros and steel 7 euros."])
    }

    @Test func attachmentsStandBelow() async throws {
        let message = """
            From: a@example.org
            Subject: Report
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=x

            --x
            Content-Type: text/plain; charset=utf-8

            See the files.
            --x
            Content-Type: text/markdown; name*0*=utf-8''Gr%C3%BC; name*1=n.md
            Content-Disposition: attachment

            # Water

            It is green.
            --x
            Content-Type: application/octet-stream
            Content-Disposition: attachment; filename="tool.exe"
            Content-Transfer-Encoding: base64

            f0VMRgIBAQAAAAAAAAAAAAIAPgABAAAA
            --x
            Content-Type: message/rfc822

            From: c@example.org
            Subject: The first one
            Content-Type: text/html; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable

            <p>Gr=FC=DFe</p>
            --x--
            """
        let document = try await parse(Array(message.utf8), "a.eml")
        #expect(
            document.outline == [
                "h1 Report", "p From: a@example.org", "p See the files.", "h2 Grün.md", "h3 Water", "p It is green.", "h2 The first one",
                "p From: c@example.org", "p Grüße",
            ])
        #expect(
            document.warnings == [
                "tool.exe was not read: Programs cannot be read yet. Save it as PDF, DOCX, HTML, Markdown or plain text and upload that."
            ])
    }

    @Test func flowedLinesGoOn() async throws {
        let message =
            "From: a@b.org\nSubject: x\nContent-Type: text/plain; format=flowed\n\nThis line goes \non here.\n\n> Quoted lines \n> too.\n"
        #expect(try await outline(message).dropFirst(2) == ["p This line goes on here.", "quote Quoted lines too."])
    }

    @Test func messagesOfAMailboxAreSections() async throws {
        let box = """
            From a@example.org Wed Jul 16 06:24:10 2008
            From: a@example.org
            To: b@example.org
            Subject: One

            From now on:
            >From here to there.

            From b@example.org Wed Jul 16 06:24:10 2008
            From: b@example.org
            Date: Tue, 15 Jul 08 23:24:12 PDT
            Received: by x

            Without a subject.
            """
        let document = try await parse(Array(box.utf8), "box.mbox")
        #expect(
            document.outline == [
                "h1 One", "p From: a@example.org\nTo: b@example.org", "p From now on:\nFrom here to there.", "h1 Message without a subject",
                "p From: b@example.org\nDate: Tue, 15 Jul 08 23:24:12 PDT", "p Without a subject.",
            ])
    }

    @Test func datesOfAllKinds() {
        #expect(MailDate.read("Tue, 15 Jul 08 23:24:12 PDT") == Timestamp(rfc3339: "2008-07-16T06:24:12Z"))
        #expect(MailDate.read("1 Jan 2024 00:00 +0000 (UTC)") == Timestamp(rfc3339: "2024-01-01T00:00:00Z"))
        for text in [
            "", "Mon", "99 Jan 2024 10:00 +0000", "1 Jan 99999999999999999999 10:00 Z", "1 Jan 2024 10:00 +٠٠٠٠", "31 Feb 2024 25:61 Z",
        ] {
            #expect(MailDate.read(text) == nil)
        }
    }

    /// What Python's `email` and `mailbox` write and read is what is read here.
    @Test(.enabled(if: ConverterProcess.isInstalled("python3"))) func agreesWithAnotherReader() async throws {
        let script = """
            import email.message, email.policy, mailbox, json
            box = mailbox.mbox("box")
            words = ["größe", "Tür", "日本語", "from", "pressure", "naïve", "=", "?", "\\u2013", "Привет"]
            for n in range(60):
                m = email.message.EmailMessage(policy=email.policy.SMTP if n % 2 else email.policy.default)
                m["From"] = f"Jürgen {n} <j{n}@example.org>"
                m["To"] = ", ".join(f"Person Ä{i} <p{i}@example.org>" for i in range(n % 7 + 1))
                m["Subject"] = " ".join(words[(n + i) % len(words)] for i in range(n % 23 + 1))
                m["Date"] = email.utils.format_datetime(email.utils.localtime())
                text = "\\n\\n".join("Line %d of %s and %s, which says something." % (i, words[i % 10], words[(i + n) % 10]) for i in range(n % 9 + 1))
                m.set_content(text + "\\n", cte=[None, "base64", "quoted-printable"][n % 3], charset="utf-8")
                if n % 4 == 0: m.add_alternative("<p>" + "<p>".join(text.split("\\n\\n")), subtype="html")
                name = f"Anhang für {n} – Öl.txt"
                m.add_attachment(f"Attached text {n} ü.", filename=name)
                box.add(m)
            box.flush()
            def told(m):
                text = m.get_body(("plain",)).get_content().replace("\\r", "").strip()
                return [str(m["Subject"]), str(m["To"]), text, next(m.iter_attachments()).get_filename()]
            read = mailbox.mbox("box", factory=lambda file: email.message_from_binary_file(file, policy=email.policy.default))
            print(json.dumps([told(m) for m in read]))
            """
        let (box, expected) = try await ConverterProcess("python3").run(["make.py"], files: ["make.py": Array(script.utf8)]) { outcome in
            #expect(outcome.end == .exit(0), "\(outcome.messages)")
            let texts = try JSONDecoder().decode([[String]].self, from: Data(contentsOf: outcome.output))
            return ([UInt8](try Data(contentsOf: outcome.folder.appending(path: "box"))), texts)
        }
        let document = try await parse(box, "box.mbox")
        #expect(document.isSound && document.warnings.isEmpty)
        let outline = Set(document.outline)
        for (number, message) in expected.enumerated() {
            #expect(outline.contains("h1 " + message[0]), "\(number)")
            #expect(document.text.contains("To: " + message[1]), "\(number)")
            for line in message[2].split(separator: "\n\n") { #expect(outline.contains("p " + line), "\(number)") }
            #expect(outline.contains("h2 " + message[3]) && outline.contains("p Attached text \(number) ü."), "\(number)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func hostileMessages() async throws {
        let head = "From: a@b.org\nSubject: x\nMIME-Version: 1.0\n"
        var deep = head
        for level in 0..<500 { deep += "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n" }
        #expect(try await parse(Array(deep.utf8), "a.eml").warnings.contains { $0.contains("nested deeper") })
        var nested = head + "\nfar below"
        for _ in 0..<40 { nested = head + "Content-Type: message/rfc822\n\n" + nested }
        #expect(try await parse(Array(nested.utf8), "a.eml").isSound)
        let many =
            head + "Content-Type: multipart/mixed; boundary=b\n\n"
            + String(repeating: "--b\nContent-Disposition: attachment\n\nx\n", count: 5_000)
        #expect(try await parse(Array(many.utf8), "a.eml").isSound)
        for piece in ["=?utf-8?Q?", "=?a?b?", "x=\"", "; a*0*=", "(", "=", ">", "\n\t", "From: a\n\n"] {
            let long = String(repeating: piece, count: 20_000)
            #expect(
                try await parse(Array("\(head)X: \(long)\nContent-Type: a/b; \(long)\n\nText \(long)".utf8), "a.eml").isSound, "\(piece)")
        }
        let boundary = head + "Content-Type: multipart/mixed; boundary=\"\"\n\n" + String(repeating: "--\n", count: 50_000)
        #expect(try await parse(Array(boundary.utf8), "a.eml").isSound)
    }

    @Test func randomChangesNeverTrap() async throws {
        var random = Mulberry(seed: 5)
        let seed = Array(
            """
            From: =?utf-8?Q?J=C3=BC?= <j@example.org>
            Date: Wed, 16 Jul 2008 09:24:06 +0300
            Subject: =?utf-8?B?R3LDvMOfZQ==?=
            Content-Type: multipart/mixed; boundary="x"; a*0*=utf-8''b; a*1=c

            --x
            Content-Type: text/plain; charset=utf-8; format=flowed
            Content-Transfer-Encoding: quoted-printable

            Text =C3=BC soft=
            end
            > quoted
            --x
            Content-Type: text/html
            Content-Transfer-Encoding: base64

            PHA+SGVsbG88L3A+
            --x
            Content-Disposition: attachment; filename="a.txt"

            Attached.
            --x--
            """.utf8)
        for _ in 0..<1500 {
            var reader = MailReader(.standard)
            let bytes = random.mutated(seed)
            for message in Mailbox.messages(bytes) { try await reader.take(message, isSole: true) }
            #expect(try reader.finish().isSound)
        }
    }
}
