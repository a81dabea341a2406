/** What a list of users to import says, as the page reads it. */
import { expect } from 'chai';
import { joinCsv } from '../../../src/web/pages/console/users/import/csv.ts';
import { readList } from '../../../src/web/pages/console/users/import/list.ts';

const ada = { email: 'ada@example.com', full_name: 'Ada Lovelace', role: 'user' };
const grace = { email: 'grace@example.com', full_name: 'Hopper, Grace "Amazing"', role: 'moderator' };

describe('a list of users to import', () => {
  const csv =
    'email,name,role\nada@example.com,Ada Lovelace,\ngrace@example.com,"Hopper, Grace ""Amazing""",moderator\n';
  for (const { title, list } of [
    { title: 'CSV', list: csv },
    { title: 'CSV of another system', list: `\uFEFF${csv.replaceAll('\n', '\r\n')}` },
    { title: 'CSV with semicolons', list: csv.replaceAll(/,(?! )/g, ';') },
    { title: 'pasted cells', list: csv.replaceAll(/,(?! )/g, '\t') },
    {
      title: 'CSV with other columns in another order',
      list: 'Role,Notes,Full name,E-mail\n,x,Ada Lovelace,ada@example.com\nModerator,,"Hopper, Grace ""Amazing""",grace@example.com',
    },
    { title: 'CSV without headings', list: csv.slice(csv.indexOf('\n')) },
    { title: 'NDJSON', list: `${JSON.stringify({ ...ada, role: null })}\n\n${JSON.stringify(grace)}\n` },
  ]) {
    it(`is read: ${title}`, () => {
      const { rows, faults } = readList(list);

      expect(faults).to.deep.equal([]);
      expect(rows.map(({ line: _, ...user }) => user)).to.deep.equal([ada, grace]);
    });
  }

  it('says by line what is wrong', () => {
    const { rows, faults } = readList(
      [
        'email,name,role',
        'ada@example.com,"Ada',
        'Lovelace",user',
        ',Nobody,user',
        'not an address,Somebody,',
        'ADA@example.com,Ada Again,',
        'grace@example.com,,',
        'alan@example.com,Alan Turing,king',
        'alan@example.com,Alan,user,more',
        'open@example.com,"never closed',
      ].join('\n'),
    );

    expect(rows).to.deep.equal([{ line: 2, email: 'ada@example.com', full_name: 'Ada\nLovelace', role: 'user' }]);
    expect(faults.map(({ line, message }) => `${line}: ${message}`)).to.deep.equal([
      '4: There is no e-mail address',
      '5: The e-mail address must look like ada@example.com',
      '6: Line 2 has the same e-mail address',
      '7: There is no name',
      '8: “king” is no role; there are user, moderator and admin',
      '9: There are 4 columns instead of up to three',
      '10: A quotation mark is never closed',
    ]);
  });

  it('says what is wrong with JSON, and what only the command takes', () => {
    const { faults } = readList(
      '{"email":"ada@example.com"\n{"email":"a@example.com","full_name":"A","password_hash":"x"}',
    );

    expect(faults.map(({ message }) => message)).to.deep.equal([
      'This is not a JSON object',
      '“password_hash” can’t be imported here; the command npm run users -- import takes more',
    ]);
  });

  it('says that there is no column for addresses', () => {
    expect(readList('name,role\nAda,user').faults).to.have.length(1);
    expect(readList(' \n').rows).to.deep.equal([]);
  });

  it('is written as CSV in which no spreadsheet finds a formula', () => {
    expect(joinCsv([['a,b', '=1+1', 'say "x"']])).to.equal('"a,b",\'=1+1,"say ""x"""\r\n');
  });
});
